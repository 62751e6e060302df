package engine

// Wire types of auto scaling settings (API reference: AutoScalingSettingsUpdate, AutoScalingSettingsDescription).

type scalingUpdate struct {
	MinimumUnits        *int64               `wire:"MinimumUnits,min=1"`
	MaximumUnits        *int64               `wire:"MaximumUnits,min=1"`
	AutoScalingDisabled *bool                `wire:"AutoScalingDisabled"`
	AutoScalingRoleArn  string               `wire:"AutoScalingRoleArn,min=1,max=1600,pattern=[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*"`
	ScalingPolicyUpdate *scalingPolicyUpdate `wire:"ScalingPolicyUpdate"`
}

type scalingPolicyUpdate struct {
	PolicyName string         `wire:"PolicyName,min=1,max=256,pattern=\\p{Print}+"`
	Target     *scalingTarget `wire:"TargetTrackingScalingPolicyConfiguration,required"`
}

type scalingTarget struct {
	DisableScaleIn   *bool    `wire:"DisableScaleIn"`
	ScaleInCooldown  *int64   `wire:"ScaleInCooldown"`
	ScaleOutCooldown *int64   `wire:"ScaleOutCooldown"`
	TargetValue      *float64 `wire:"TargetValue,required"`
}

type scalingPolicyDescription struct {
	PolicyName string         `wire:"PolicyName"`
	Target     *scalingTarget `wire:"TargetTrackingScalingPolicyConfiguration"`
}

type scalingDescription struct {
	MinimumUnits        int64                      `wire:"MinimumUnits,omitempty"`
	MaximumUnits        int64                      `wire:"MaximumUnits,omitempty"`
	AutoScalingDisabled *bool                      `wire:"AutoScalingDisabled"`
	AutoScalingRoleArn  string                     `wire:"AutoScalingRoleArn"`
	ScalingPolicies     []scalingPolicyDescription `wire:"ScalingPolicies"`
}

type indexScalingUpdate struct {
	IndexName string         `wire:"IndexName,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	Write     *scalingUpdate `wire:"ProvisionedWriteCapacityAutoScalingUpdate"`
}

type replicaIndexScalingUpdate struct {
	IndexName string         `wire:"IndexName,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	Read      *scalingUpdate `wire:"ProvisionedReadCapacityAutoScalingUpdate"`
}

type replicaScalingUpdate struct {
	RegionName string                      `wire:"RegionName,required"`
	Indexes    []replicaIndexScalingUpdate `wire:"ReplicaGlobalSecondaryIndexUpdates"`
	Read       *scalingUpdate              `wire:"ReplicaProvisionedReadCapacityAutoScalingUpdate"`
}

type updateScalingInput struct {
	TableName string                 `wire:"TableName,required,table"`
	Indexes   []indexScalingUpdate   `wire:"GlobalSecondaryIndexUpdates,min=1"`
	Write     *scalingUpdate         `wire:"ProvisionedWriteCapacityAutoScalingUpdate"`
	Replicas  []replicaScalingUpdate `wire:"ReplicaUpdates,min=1"`
}

type describeScalingInput struct {
	TableName string `wire:"TableName,required,table"`
}

type indexScalingDescription struct {
	IndexName   string              `wire:"IndexName"`
	IndexStatus string              `wire:"IndexStatus"`
	Read        *scalingDescription `wire:"ProvisionedReadCapacityAutoScalingSettings"`
	Write       *scalingDescription `wire:"ProvisionedWriteCapacityAutoScalingSettings"`
}

type replicaScalingDescription struct {
	RegionName    string                    `wire:"RegionName"`
	Indexes       []indexScalingDescription `wire:"GlobalSecondaryIndexes,keep"`
	Read          *scalingDescription       `wire:"ReplicaProvisionedReadCapacityAutoScalingSettings"`
	Write         *scalingDescription       `wire:"ReplicaProvisionedWriteCapacityAutoScalingSettings"`
	ReplicaStatus string                    `wire:"ReplicaStatus"`
}

type tableScalingDescription struct {
	TableName   string                      `wire:"TableName"`
	TableStatus string                      `wire:"TableStatus"`
	Replicas    []replicaScalingDescription `wire:"Replicas,keep"`
}

type scalingOutput struct {
	Table *tableScalingDescription `wire:"TableAutoScalingDescription"`
}
