package engine

import "time"

type describeImportInput struct {
	ImportArn string `wire:"ImportArn,required,min=37,max=1024"`
}

func describeImport(c *call, in *describeImportInput) (*importOutput, error) {
	j, err := imports.find(c, in.ImportArn)
	if err != nil {
		return nil, err
	}
	return c.seen(j).describe(), nil
}

type listImportsInput struct {
	TableArn  string `wire:"TableArn,min=1,max=1024"`
	PageSize  *int64 `wire:"PageSize,min=1,max=25"`
	NextToken string `wire:"NextToken,min=112,max=1024,pattern=([0-9a-f]{16})+"`
}

type importSummary struct {
	ImportArn             string        `wire:"ImportArn"`
	ImportStatus          string        `wire:"ImportStatus"`
	TableArn              string        `wire:"TableArn"`
	S3BucketSource        *importSource `wire:"S3BucketSource"`
	CloudWatchLogGroupArn string        `wire:"CloudWatchLogGroupArn"`
	InputFormat           string        `wire:"InputFormat"`
	StartTime             time.Time     `wire:"StartTime"`
	EndTime               time.Time     `wire:"EndTime"`
}

type listImportsOutput struct {
	ImportSummaryList []importSummary `wire:"ImportSummaryList,keep"`
	NextToken         string          `wire:"NextToken"`
}

func listImports(c *call, in *listImportsInput) (*listImportsOutput, error) {
	name, err := c.tableName(in.TableArn)
	if err != nil {
		return nil, err
	}
	list, next, err := imports.page(c, in.NextToken, pageOf(in.PageSize), func(h *jobHead) bool { return name == "" || h.Table.Name == name })
	if err != nil {
		return nil, err
	}
	out := &listImportsOutput{ImportSummaryList: []importSummary{}, NextToken: next}
	for _, j := range list {
		j = c.seen(j)
		out.ImportSummaryList = append(out.ImportSummaryList, importSummary{
			j.arn(), j.Status, j.tableARN(), j.Request.S3BucketSource, j.logGroup(), j.Request.InputFormat, j.Start, j.End,
		})
	}
	return out, nil
}
