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
	jobHead
	Request        importInput
	ProcessedBytes int64 // of the objects' content
	Processed      int64 // records
	Imported       int64
	Errors         int64
}

var imports = jobKind[importJob, *importJob]{
	Docs: catalog.Docs[importJob]{Kind: "import"}, path: "import", member: "ImportArn", missing: "ImportNotFoundException", absent: "Import not found: ",
	conflict: apiError{
		Type:    "ImportConflictException",
		Message: "There was a conflict when importing from the specified S3 source: an import with the same ClientToken and other parameters exists",
	},
}

func (j *importJob) arn() string { return imports.arn(&j.jobHead) }

// logGroup is the log group the service writes the errors of imports to; here they go to the engine's log.
func (j *importJob) logGroup() string {
	return "arn:aws:logs:" + j.Table.Region + ":" + catalog.Account + ":log-group:/aws-dynamodb/imports:*"
}

type importInput struct {
	ClientToken             string                   `wire:"ClientToken,pattern=^[^\\$]+$"`
	S3BucketSource          *importSource            `wire:"S3BucketSource,required"`
	InputFormat             string                   `wire:"InputFormat,required,enum=CSV|DYNAMODB_JSON|ION"`
	InputFormatOptions      *importOptions           `wire:"InputFormatOptions" json:",omitempty"`
	InputCompressionType    string                   `wire:"InputCompressionType,enum=GZIP|NONE|ZSTD"`
	TableCreationParameters *tableCreationParameters `wire:"TableCreationParameters,required"`
}

type importSource struct {
	S3BucketOwner string `wire:"S3BucketOwner,pattern=[0-9]{12}"`
	S3Bucket      string `wire:"S3Bucket,required,max=255,pattern=^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$"`
	S3KeyPrefix   string `wire:"S3KeyPrefix,max=1024"`
}

type importOptions struct {
	Csv *csvOptions `wire:"Csv" json:",omitempty"`
}

type csvOptions struct {
	Delimiter  string   `wire:"Delimiter,min=1,max=1" json:",omitempty"`
	HeaderList []string `wire:"HeaderList,min=1,max=255,elem.min=1,elem.max=65536,elem.pattern=[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*" json:",omitempty"`
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
	CloudWatchLogGroupArn   string                   `wire:"CloudWatchLogGroupArn"`
	InputFormat             string                   `wire:"InputFormat"`
	InputFormatOptions      *importOptions           `wire:"InputFormatOptions"`
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
		S3BucketSource: j.Request.S3BucketSource, ErrorCount: j.Errors, CloudWatchLogGroupArn: j.logGroup(),
		InputFormat: j.Request.InputFormat, InputFormatOptions: j.Request.InputFormatOptions,
		InputCompressionType: j.Request.InputCompressionType, TableCreationParameters: j.Request.TableCreationParameters,
		StartTime: j.Start, EndTime: j.End, ProcessedSizeBytes: j.ProcessedBytes, ProcessedItemCount: j.Processed,
		ImportedItemCount: j.Imported, FailureCode: j.FailureCode, FailureMessage: j.FailureMessage,
	}}
}

// csvDelimiters are the characters that may stand between columns (API reference, CsvOptions).
const csvDelimiters = ",;:|\t "

// checkImport checks what needs no table, and fills in the defaults.
func checkImport(in *importInput) error {
	if in.InputCompressionType == "" {
		in.InputCompressionType = string(bucket.None)
	}
	o := in.InputFormatOptions
	switch {
	case o != nil && o.Csv != nil && in.InputFormat != "CSV":
		return validation("InputFormatOptions can only be specified when InputFormat is CSV")
	case o != nil && o.Csv != nil && !strings.Contains(csvDelimiters, o.Csv.Delimiter):
		return validation("1 validation error detected: Value '" + o.Csv.Delimiter + "' at 'inputFormatOptions.csv.delimiter' failed to " +
			"satisfy constraint: Member must satisfy regular expression pattern: [,;:|\\t ]")
	}
	return nil
}

// importTable makes a new table and fills it from the objects of a bucket. The answer says IN_PROGRESS; the work goes
// on behind it, and the table is CREATING until it is done.
func importTable(c *call, in *importInput) (*importOutput, error) {
	print := fingerprint(in)
	if err := checkImport(in); err != nil {
		return nil, err
	}
	c.e.tend.jobs.Lock()
	defer c.e.tend.jobs.Unlock()
	if j, err := imports.same(c, in.ClientToken, print); err != nil {
		return nil, err
	} else if j != nil {
		return j.describe(), nil
	}
	if _, err := c.root(); err != nil {
		return nil, err
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
	return c.beginImport(in, t, print)
}

func (c *call) beginImport(in *importInput, t *catalog.Table, print string) (*importOutput, error) {
	j := &importJob{jobHead: c.newJob(t, in.ClientToken, print), Request: *in}
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
