package engine

import (
	"errors"
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
	Docs: catalog.Docs[importJob]{Kind: "import"}, path: "import", malformed: "Invalid Import ARN",
	missing: "ImportNotFoundException", absent: "Import not found: Import not found: ", elsewhere: "Import not found: Invalid import arn",
	conflict: apiError{
		Type:    "ImportConflictException",
		Message: "Import conflict: Duplicate request detected with conflicting parameters",
	},
	byTable: true,
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
	InputCompressionType    string                   `wire:"InputCompressionType,enum=ZSTD|NONE|GZIP"`
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
	Delimiter  string   `wire:"Delimiter,pattern=[\\x2C;:|\\t ],min=1,max=1" json:",omitempty"`
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

// seen is an import as this call sees it. It ends when its table is made (API reference, ImportTableDescription), which takes its time under a realistic
// life cycle; until then it is going on.
func (c *call) seen(j *importJob) *importJob {
	if !c.e.realistic() || !c.now.Before(j.End) {
		return j
	}
	going := *j
	going.Status, going.End, going.FailureCode, going.FailureMessage = jobInProgress, time.Time{}, "", ""
	return &going
}

// describe is the description of an import. It says whose the bucket is when the request does not; a list of imports keeps to the request (DDB-IMPORT-003;
// lists recorded by cloud-custodian, 2026).
func (j *importJob) describe() *importOutput {
	source := *j.Request.S3BucketSource
	if source.S3BucketOwner == "" {
		source.S3BucketOwner = catalog.Account
	}
	return &importOutput{&importDescription{
		ImportArn: j.arn(), ImportStatus: j.Status, TableArn: j.tableARN(), TableID: j.TableUUID, ClientToken: j.Token,
		S3BucketSource: &source, ErrorCount: j.Errors, CloudWatchLogGroupArn: j.logGroup(),
		InputFormat: j.Request.InputFormat, InputFormatOptions: j.Request.InputFormatOptions,
		InputCompressionType: j.Request.InputCompressionType, TableCreationParameters: j.Request.TableCreationParameters,
		StartTime: j.Start, EndTime: j.End, ProcessedSizeBytes: j.ProcessedBytes, ProcessedItemCount: j.Processed,
		ImportedItemCount: j.Imported, FailureCode: j.FailureCode, FailureMessage: j.FailureMessage,
	}}
}

// checkImport checks what needs no table, and fills in the defaults.
func checkImport(in *importInput) error {
	if in.InputCompressionType == "" {
		in.InputCompressionType = string(bucket.None)
	}
	if o := in.InputFormatOptions; o != nil && o.Csv != nil && in.InputFormat != "CSV" {
		return invalidRequest("Unsupported InputFormatOptions for the given input format: " + in.InputFormat + ".")
	}
	return noWarmIndexes("ImportTable", in.TableCreationParameters.GlobalSecondaryIndexes)
}

// importTable makes a new table and fills it from the objects of a bucket. The answer says IN_PROGRESS; the work goes
// on behind it, and the table is CREATING until it is done. A table of the name that is there comes before the token, unless an import is making it: then
// the token finds its import, and another import begins and fails (DDB-IMPORT-017 to 019).
func importTable(c *call, in *importInput) (*importOutput, error) {
	print := fingerprint(in)
	if err := checkImport(in); err != nil {
		return nil, err
	}
	c.e.tend.jobs.Lock()
	defer c.e.tend.jobs.Unlock()
	p := in.TableCreationParameters
	taken := c.e.catalog.Table(c.ref(p.TableName))
	if taken != nil && c.phaseOf(taken) != phaseFilling {
		return nil, errInUse("Table already exists: " + p.TableName)
	}
	if j, err := imports.same(c, in.ClientToken, print, p.TableName); err != nil {
		return nil, err
	} else if j != nil {
		return c.seen(j).describe(), nil
	}
	if err := c.needsRoot(); err != nil {
		return nil, err
	}
	t, err := newTable(c, p.TableName, &createTableInput{
		TableName: p.TableName, AttributeDefinitions: p.AttributeDefinitions, KeySchema: p.KeySchema, BillingMode: p.BillingMode,
		ProvisionedThroughput: p.ProvisionedThroughput, OnDemandThroughput: p.OnDemandThroughput,
		SSESpecification: p.SSESpecification, GlobalSecondaryIndexes: p.GlobalSecondaryIndexes, VectorIndexes: p.VectorIndexes,
	})
	if err != nil {
		return nil, err
	}
	t.LastOnDemand = time.Time{} // told when it is filled
	if taken != nil {
		return c.importTooLate(in, t, print)
	}
	return c.beginImport(in, t, print)
}

// importTooLate begins an import whose table another import is making: it is accepted, and has failed when it is next looked at.
func (c *call) importTooLate(in *importInput, t *catalog.Table, print string) (*importOutput, error) {
	j := &importJob{jobHead: c.newJob(t, in.ClientToken, print), Request: *in}
	j.TableUUID = newUUID()
	out := j.describe()
	j.fail(c.now, "TableAlreadyExists", errors.New("Table already exists: "+t.Name))
	return out, putDoc(c.e, imports.Docs, j.Ref, j)
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
