package engine

import (
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Further states of bulk operations, and what they report.
const (
	jobErrors     = "COMPLETED_WITH_ERRORS"
	jobCancelling = "CANCELLING"
	jobCancelled  = "CANCELLED"

	reportErrors     = "ERROR"
	reportConditions = "CONDITION_CHECK_FAILURE"
)

// bulkActions are the operations that load objects into a table that is there.
var bulkActions = map[string]action{
	"StartBulkPutItems":     handle(startBulkPutItems),
	"DescribeBulkOperation": handle(describeBulkOperation),
	"ListBulkOperations":    handle(listBulkOperations),
	"CancelBulkOperation":   handle(cancelBulkOperation),
}

// bulkJob is what is kept of a bulk operation.
type bulkJob struct {
	jobHead
	Request    bulkInput
	Processed  int64 // records, whatever became of them
	Failed     int64 // of them those that are no item of the table
	InputBytes int64 // read of the objects, as they are stored
	TotalBytes int64 // of the objects
	Listed     bool  // TotalBytes is known
	Usage      bulkUsage
}

// bulkUsage is what was written, in bytes of items and of index entries.
type bulkUsage struct {
	Table   int64
	Local   map[string]int64 `json:",omitempty"`
	Global  map[string]int64 `json:",omitempty"`
	Vectors map[string]int64 `json:",omitempty"`
}

var bulks = jobKind[bulkJob, *bulkJob]{
	Docs: catalog.Docs[bulkJob]{Kind: "bulk"}, path: "bulk-operation", malformed: "Invalid Bulk Operation ARN", missing: "ResourceNotFoundException",
	absent: "Requested resource not found: Bulk operation: ",
	conflict: apiError{
		Type:    "IdempotentParameterMismatchException",
		Message: "A bulk operation with the same ClientToken and other parameters exists",
	},
}

func (j *bulkJob) arn() string { return bulks.arn(&j.jobHead) }

// ended reports whether the operation has reached a state it stays in.
func (j *bulkJob) ended() bool { return j.Status != jobInProgress && j.Status != jobCancelling }

type bulkInput struct {
	ClientToken           string      `wire:"ClientToken,pattern=^[^\\$]+$"`
	InputS3Configuration  *bulkSource `wire:"InputS3Configuration,required"`
	OutputS3Configuration *bulkTarget `wire:"OutputS3Configuration,required"`
	TableName             string      `wire:"TableName,required,table"`
	MaxWriteRequestUnits  *int64      `wire:"MaxWriteRequestUnits,min=1024"`
	PerformanceTier       string      `wire:"PerformanceTier,enum=STANDARD|ACCELERATED"`
}

type bulkSource struct {
	S3BucketOwner        string `wire:"S3BucketOwner,pattern=[0-9]{12}"`
	S3Bucket             string `wire:"S3Bucket,required,max=255,pattern=^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$"`
	S3KeyPrefix          string `wire:"S3KeyPrefix,max=1024"`
	InputFormat          string `wire:"InputFormat,required,enum=DYNAMODB_JSON|ION"`
	InputCompressionType string `wire:"InputCompressionType,enum=GZIP|ZSTD|NONE"`
}

type bulkTarget struct {
	S3BucketOwner  string   `wire:"S3BucketOwner,pattern=[0-9]{12}"`
	S3Bucket       string   `wire:"S3Bucket,max=255,pattern=^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$"`
	S3KeyPrefix    string   `wire:"S3KeyPrefix,max=1024"`
	S3SseAlgorithm string   `wire:"S3SseAlgorithm,enum=AES256|KMS"`
	S3SseKmsKeyID  string   `wire:"S3SseKmsKeyId,min=1,max=2048"`
	OutputType     []string `wire:"OutputType,required,elem.enum=ERROR|CONDITION_CHECK_FAILURE"`
}

type bulkDescription struct {
	BulkOperationArn      string            `wire:"BulkOperationArn"`
	BulkOperationStatus   string            `wire:"BulkOperationStatus"`
	TableDetails          []bulkTableDetail `wire:"TableDetails"`
	ClientToken           string            `wire:"ClientToken"`
	InputS3Configuration  *bulkSource       `wire:"InputS3Configuration"`
	OutputS3Configuration *bulkTarget       `wire:"OutputS3Configuration"`
	StartTime             time.Time         `wire:"StartTime"`
	EndTime               time.Time         `wire:"EndTime"`
	ProcessedItemCount    int64             `wire:"ProcessedItemCount"`
	ProcessedInputBytes   int64             `wire:"ProcessedInputBytes"`
	TotalInputBytes       *int64            `wire:"TotalInputBytes"`
	BulkOperationUsage    []bulkUsageOutput `wire:"BulkOperationUsage"`
	FailedItemCount       int64             `wire:"FailedItemCount"`
	FailureCode           string            `wire:"FailureCode"`
	FailureMessage        string            `wire:"FailureMessage"`
	MaxWriteRequestUnits  *int64            `wire:"MaxWriteRequestUnits"`
	PerformanceTier       string            `wire:"PerformanceTier"`
}

type bulkTableDetail struct {
	TableName string `wire:"TableName"`
	TableID   string `wire:"TableId"`
}

type bulkUsageOutput struct {
	TableName              string                     `wire:"TableName"`
	BulkPutBytes           int64                      `wire:"BulkPutBytes"`
	Table                  bulkBytes                  `wire:"Table"`
	LocalSecondaryIndexes  map[string]bulkBytes       `wire:"LocalSecondaryIndexes"`
	GlobalSecondaryIndexes map[string]bulkBytes       `wire:"GlobalSecondaryIndexes"`
	VectorIndexes          map[string]bulkVectorBytes `wire:"VectorIndexes"`
}

type bulkBytes struct {
	BulkPutBytes int64 `wire:"BulkPutBytes"`
}

type bulkVectorBytes struct {
	BulkPutVectorBytes int64 `wire:"BulkPutVectorBytes"`
}

type bulkOutput struct {
	BulkOperationDescription *bulkDescription `wire:"BulkOperationDescription"`
}

func (j *bulkJob) describe() *bulkOutput {
	d := &bulkDescription{
		BulkOperationArn: j.arn(), BulkOperationStatus: j.Status, TableDetails: []bulkTableDetail{{j.Request.TableName, j.TableUUID}},
		ClientToken: j.Token, InputS3Configuration: j.Request.InputS3Configuration, OutputS3Configuration: j.Request.OutputS3Configuration,
		StartTime: j.Start, EndTime: j.End, ProcessedItemCount: j.Processed, ProcessedInputBytes: j.InputBytes, FailedItemCount: j.Failed,
		BulkOperationUsage: []bulkUsageOutput{j.Usage.describe(j.Request.TableName)}, FailureCode: j.FailureCode, FailureMessage: j.FailureMessage,
		MaxWriteRequestUnits: j.Request.MaxWriteRequestUnits, PerformanceTier: j.Request.PerformanceTier,
	}
	if j.Listed {
		d.TotalInputBytes = &j.TotalBytes
	}
	return &bulkOutput{d}
}

func (u *bulkUsage) describe(table string) bulkUsageOutput {
	out := bulkUsageOutput{TableName: table, BulkPutBytes: u.Table, Table: bulkBytes{u.Table}}
	plain := func(arm map[string]int64) map[string]bulkBytes {
		if arm == nil {
			return nil
		}
		m := map[string]bulkBytes{}
		for name, n := range arm {
			m[name] = bulkBytes{n}
			out.BulkPutBytes += n
		}
		return m
	}
	out.LocalSecondaryIndexes, out.GlobalSecondaryIndexes = plain(u.Local), plain(u.Global)
	if u.Vectors != nil {
		out.VectorIndexes = map[string]bulkVectorBytes{}
		for name, n := range u.Vectors {
			out.VectorIndexes[name] = bulkVectorBytes{n}
		}
	}
	return out
}
