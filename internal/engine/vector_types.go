package engine

// Wire types of vector indexes (API reference: VectorIndex, VectorIndexUpdate, VectorIndexDescription, VectorIndexInfo).

type vectorAttribute struct {
	AttributeName string `wire:"AttributeName,required,min=1,max=255"`
}

type searchElement struct {
	AttributeName string `wire:"AttributeName,required,max=65535"`
	Type          string `wire:"SearchSchemaElementType,required,enum=HASH|INLINE_FILTER"`
}

// vectorIndex is a vector index that is asked for, by CreateTable, UpdateTable, a restore or an import.
type vectorIndex struct {
	IndexName        string           `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	VectorAttribute  *vectorAttribute `wire:"VectorAttribute,required"`
	SearchSchema     []searchElement  `wire:"SearchSchema,min=1"`
	Projection       *projection      `wire:"Projection,required"`
	Dimensions       int64            `wire:"Dimensions,required,min=1"`
	DistanceFunction string           `wire:"DistanceFunction,required,enum=COSINE|DOT_PRODUCT|EUCLIDEAN"`
}

type vectorIndexUpdate struct {
	Create *vectorIndex `wire:"Create"`
	Delete *indexDelete `wire:"Delete"`
}

// vectorIndexInfo is a vector index as a backup knows it.
type vectorIndexInfo struct {
	IndexName        string           `wire:"IndexName"`
	VectorAttribute  *vectorAttribute `wire:"VectorAttribute"`
	SearchSchema     []searchElement  `wire:"SearchSchema"`
	Projection       *projection      `wire:"Projection"`
	Dimensions       int64            `wire:"Dimensions"`
	DistanceFunction string           `wire:"DistanceFunction"`
}

// vectorIndexDescription is a vector index as DescribeTable shows it.
type vectorIndexDescription struct {
	vectorIndexInfo
	IndexStatus    string `wire:"IndexStatus"`
	Backfilling    *bool  `wire:"Backfilling"`
	IndexSizeBytes int64  `wire:"IndexSizeBytes"`
	ItemCount      int64  `wire:"ItemCount"`
	IndexARN       string `wire:"IndexArn"`
}

// vectorCapacity is what a vector index takes of a call, in bytes: of a write or of a search.
type vectorCapacity struct {
	SearchRequestBytes *float64 `wire:"VectorSearchRequestBytes"`
	WriteRequestBytes  *float64 `wire:"VectorWriteRequestBytes"`
}
