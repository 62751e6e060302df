package engine

import (
	"errors"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

var importActions = map[string]action{
	"ImportTable":    handle(importTable),
	"DescribeImport": handle(describeImport),
	"ListImports":    handle(listImports),
}

// importJob is what is kept of an import.
type importJob struct {
	catalog.Ref        // Name is the id
	Status             string
	Start              time.Time
	End                time.Time `json:",omitzero"`
	Table              catalog.Ref
	TableUUID          string
	Token, Fingerprint string
	Request            importInput
	ProcessedBytes     int64 // of the objects' content
	Processed          int64 // lines
	Imported           int64
	Errors             int64
	FailureCode        string
	FailureMessage     string
}

var imports = catalog.Docs[importJob]{Kind: "import"}

func (j *importJob) tableARN() string { return catalog.TableARN(j.Table.Region, j.Table.Name) }
func (j *importJob) arn() string      { return j.tableARN() + "/import/" + j.Name }

type importInput struct {
	ClientToken             string                   `wire:"ClientToken,pattern=^[^\\$]+$"`
	S3BucketSource          *importSource            `wire:"S3BucketSource,required"`
	InputFormat             string                   `wire:"InputFormat,required,enum=CSV|DYNAMODB_JSON|ION"`
	InputFormatOptions      rawJSON                  `wire:"InputFormatOptions" json:"-"`
	InputCompressionType    string                   `wire:"InputCompressionType,enum=GZIP|NONE|ZSTD"`
	TableCreationParameters *tableCreationParameters `wire:"TableCreationParameters,required"`
}

type importSource struct {
	S3BucketOwner string `wire:"S3BucketOwner,pattern=[0-9]{12}"`
	S3Bucket      string `wire:"S3Bucket,required,max=255,pattern=^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$"`
	S3KeyPrefix   string `wire:"S3KeyPrefix,max=1024"`
}

type tableCreationParameters struct {
	TableName              string                 `wire:"TableName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	AttributeDefinitions   []attributeDefinition  `wire:"AttributeDefinitions,required"`
	KeySchema              []keySchemaElement     `wire:"KeySchema,required,min=1"`
	BillingMode            string                 `wire:"BillingMode,enum=PROVISIONED|PAY_PER_REQUEST"`
	ProvisionedThroughput  *provisionedThroughput `wire:"ProvisionedThroughput"`
	OnDemandThroughput     *onDemandThroughput    `wire:"OnDemandThroughput"`
	SSESpecification       *sseSpecification      `wire:"SSESpecification"`
	GlobalSecondaryIndexes []globalIndex          `wire:"GlobalSecondaryIndexes"`
	VectorIndexes          []vectorIndex          `wire:"VectorIndexes"`
}

type importDescription struct {
	ImportArn               string                   `wire:"ImportArn"`
	ImportStatus            string                   `wire:"ImportStatus"`
	TableArn                string                   `wire:"TableArn"`
	TableID                 string                   `wire:"TableId"`
	ClientToken             string                   `wire:"ClientToken"`
	S3BucketSource          *importSource            `wire:"S3BucketSource"`
	ErrorCount              int64                    `wire:"ErrorCount"`
	InputFormat             string                   `wire:"InputFormat"`
	InputCompressionType    string                   `wire:"InputCompressionType"`
	TableCreationParameters *tableCreationParameters `wire:"TableCreationParameters"`
	StartTime               time.Time                `wire:"StartTime"`
	EndTime                 time.Time                `wire:"EndTime"`
	ProcessedSizeBytes      int64                    `wire:"ProcessedSizeBytes"`
	ProcessedItemCount      int64                    `wire:"ProcessedItemCount"`
	ImportedItemCount       int64                    `wire:"ImportedItemCount"`
	FailureCode             string                   `wire:"FailureCode"`
	FailureMessage          string                   `wire:"FailureMessage"`
}

type importOutput struct {
	ImportTableDescription *importDescription `wire:"ImportTableDescription"`
}

func (j *importJob) describe() *importOutput {
	return &importOutput{&importDescription{
		ImportArn: j.arn(), ImportStatus: j.Status, TableArn: j.tableARN(), TableID: j.TableUUID, ClientToken: j.Token,
		S3BucketSource: j.Request.S3BucketSource, ErrorCount: j.Errors, InputFormat: j.Request.InputFormat,
		InputCompressionType: j.Request.InputCompressionType, TableCreationParameters: j.Request.TableCreationParameters,
		StartTime: j.Start, EndTime: j.End, ProcessedSizeBytes: j.ProcessedBytes, ProcessedItemCount: j.Processed,
		ImportedItemCount: j.Imported, FailureCode: j.FailureCode, FailureMessage: j.FailureMessage,
	}}
}

// importTable makes a new table and fills it from the objects of a bucket. The answer says IN_PROGRESS; the work goes
// on behind it, and the table is CREATING until it is done.
func importTable(c *call, in *importInput) (*importOutput, error) {
	if in.InputCompressionType == "" {
		in.InputCompressionType = string(bucket.None)
	}
	if in.InputFormat != "DYNAMODB_JSON" {
		return nil, validation("InputFormat " + in.InputFormat + " is not supported by this engine; it imports DYNAMODB_JSON")
	}
	if in.InputFormatOptions != nil {
		return nil, validation("InputFormatOptions can only be specified when InputFormat is CSV")
	}
	c.e.tend.jobs.Lock()
	defer c.e.tend.jobs.Unlock()
	if j, err := c.sameImport(in); j != nil || err != nil {
		return j, err
	}
	if err := bucket.NewRoot(c.e.opts.S3Root).Configured(); err != nil {
		return nil, validation(err.Error())
	}
	p := in.TableCreationParameters
	t, err := newTable(c, p.TableName, &createTableInput{
		TableName: p.TableName, AttributeDefinitions: p.AttributeDefinitions, KeySchema: p.KeySchema, BillingMode: p.BillingMode,
		ProvisionedThroughput: p.ProvisionedThroughput, OnDemandThroughput: p.OnDemandThroughput,
		SSESpecification: p.SSESpecification, GlobalSecondaryIndexes: p.GlobalSecondaryIndexes, VectorIndexes: p.VectorIndexes,
	})
	if err != nil {
		return nil, err
	}
	if c.e.catalog.Table(t.Ref) != nil {
		return nil, errInUse("Table already exists: " + p.TableName)
	}
	return c.beginImport(in, t)
}

func (c *call) beginImport(in *importInput, t *catalog.Table) (*importOutput, error) {
	j := &importJob{
		Ref: c.ref(newLongID(c.now)), Status: jobInProgress, Start: c.now.UTC(), Table: t.Ref,
		Token: in.ClientToken, Fingerprint: fingerprint(*in), Request: *in,
	}
	_, err := c.e.addPending(t, func(b *storage.Batch) error {
		j.TableUUID = t.UUID
		return imports.Put(b, j.Ref, j)
	})
	if errors.Is(err, catalog.ErrExists) {
		return nil, errInUse("Table already exists: " + t.Name)
	}
	if err != nil {
		return nil, err
	}
	out := j.describe()
	c.e.runImport(c, j, t)
	return out, nil
}

// sameImport finds the import that a request with the same client token began.
func (c *call) sameImport(in *importInput) (*importOutput, error) {
	if in.ClientToken == "" {
		return nil, nil
	}
	list, err := imports.List(c.e.store, c.ref(""))
	if err != nil {
		return nil, err
	}
	for _, j := range list {
		if j.Token != in.ClientToken || c.now.Sub(j.Start) > tokenLife {
			continue
		}
		if j.Fingerprint != fingerprint(*in) {
			return nil, &apiError{
				Type:    "ImportConflictException",
				Message: "There was a conflict when importing from the specified S3 source: an import with the same ClientToken and other parameters exists",
			}
		}
		return j.describe(), nil
	}
	return nil, nil
}

type describeImportInput struct {
	ImportArn string `wire:"ImportArn,required,min=37,max=1024"`
}

func describeImport(c *call, in *describeImportInput) (*importOutput, error) {
	p, ok := parseARN(in.ImportArn)
	id, isImport := strings.CutPrefix(p.rest, "import/")
	if !ok || !isImport {
		return nil, validation("Invalid ImportArn: Invalid ResourceArn provided as input " + in.ImportArn)
	}
	var j *importJob
	if p.region == c.region {
		var err error
		if j, err = imports.Get(c.e.store, c.ref(id)); err != nil {
			return nil, err
		}
	}
	if j == nil || j.Table.Name != p.table {
		return nil, &apiError{Type: "ImportNotFoundException", Message: "Import not found: " + in.ImportArn}
	}
	return j.describe(), nil
}

type listImportsInput struct {
	TableArn  string `wire:"TableArn,min=1,max=1024"`
	PageSize  *int64 `wire:"PageSize,min=1,max=25"`
	NextToken string `wire:"NextToken,min=112,max=1024,pattern=([0-9a-f]{16})+"`
}

type importSummary struct {
	ImportArn      string        `wire:"ImportArn"`
	ImportStatus   string        `wire:"ImportStatus"`
	TableArn       string        `wire:"TableArn"`
	S3BucketSource *importSource `wire:"S3BucketSource"`
	InputFormat    string        `wire:"InputFormat"`
	StartTime      time.Time     `wire:"StartTime"`
	EndTime        time.Time     `wire:"EndTime"`
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
	after, err := readJobToken(in.NextToken)
	if err != nil {
		return nil, err
	}
	list, err := imports.List(c.e.store, c.ref(""))
	if err != nil {
		return nil, err
	}
	out := &listImportsOutput{ImportSummaryList: []importSummary{}}
	for i, j := range list {
		if j.Name <= after || name != "" && j.Table.Name != name || c.now.Sub(j.Start) > jobHistory {
			continue
		}
		if len(out.ImportSummaryList) == pageOf(in.PageSize) {
			out.NextToken = jobToken(list[i-1].Name)
			break
		}
		out.ImportSummaryList = append(out.ImportSummaryList, importSummary{
			j.arn(), j.Status, j.tableARN(), j.Request.S3BucketSource, j.Request.InputFormat, j.Start, j.End,
		})
	}
	return out, nil
}
