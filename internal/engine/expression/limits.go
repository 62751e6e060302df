package expression

// Limits of expressions (Developer Guide, "Quotas in Amazon DynamoDB", Expression parameters).
const (
	maxTextSize   = 4096            // bytes of one expression, as sent: names are not replaced, white space counts
	maxOperators  = 300             // operators and functions in one expression
	maxInOperands = 100             // operands of IN
	MaxPathDepth  = 32              // steps of a document path
	maxKeySize    = 255             // bytes of a key of ExpressionAttributeNames or ExpressionAttributeValues
	maxValuesSize = 2 * 1024 * 1024 // bytes of all ExpressionAttributeValues
	maxListIndex  = 1<<32 - 2       // a larger index is refused when the text is read (measured in us-east-1, 2026: floci-io/floci 3073)
)
