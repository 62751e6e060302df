package engine

import (
	"fmt"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Auto scaling of provisioned capacity: the settings are kept and shown; capacity does not change by itself here.

// scalingSetting names the settings of a table in the catalogue.
const scalingSetting = "scaling"

// The range of a target utilization in percent (developer guide, "Managing throughput capacity with auto scaling").
const (
	minUtilization = 20
	maxUtilization = 90
)

// scaling is the setting of one capacity of a table or index.
type scaling struct {
	Min, Max int64
	Role     string
	Policy   string
	Target   float64
	In, Out  *int64 `json:",omitempty"` // cooldowns in seconds
	NoIn     *bool  `json:",omitempty"`
}

// scalings are the settings of a table. Those of writes are alike in all replicas.
type scalings struct {
	Write, Read           *scaling            `json:",omitempty"`
	IndexWrite, IndexRead map[string]*scaling `json:",omitempty"`
}

func scalingsOf(t *catalog.Table) (scalings, error) {
	var s scalings
	_, err := t.Setting(scalingSetting, &s)
	return s, err
}

// writesScaled reports whether the write capacity of a table and of its indexes is scaled.
func writesScaled(t *catalog.Table) (bool, error) {
	s, err := scalingsOf(t)
	if err != nil || s.Write == nil {
		return false, err
	}
	for _, x := range t.Indexes {
		if !x.Local && s.IndexWrite[x.Name] == nil {
			return false, nil
		}
	}
	return true, nil
}

// what names a capacity in the names of policies and roles.
type scaledCapacity struct{ kind, table, index string }

func (c scaledCapacity) policy() string {
	if c.index != "" {
		return fmt.Sprintf("DynamoDB%sCapacityUtilization:table/%s/index/%s", c.kind, c.table, c.index)
	}
	return fmt.Sprintf("DynamoDB%sCapacityUtilization:table/%s", c.kind, c.table)
}

// scalingRole is the role that Application Auto Scaling takes when none is named.
const scalingRole = "arn:aws:iam::" + catalog.Account +
	":role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"

// apply is what an update makes of a setting; nil when auto scaling is off.
func (u *scalingUpdate) apply(old *scaling, of scaledCapacity) (*scaling, error) {
	if u == nil {
		return old, nil
	}
	if u.AutoScalingDisabled != nil && *u.AutoScalingDisabled {
		return nil, nil
	}
	s := scaling{Role: scalingRole, Policy: of.policy(), Target: 70}
	if old != nil {
		s = *old
	} else if u.MinimumUnits == nil || u.MaximumUnits == nil || u.ScalingPolicyUpdate == nil {
		return nil, invalidParameter("MinimumUnits, MaximumUnits and ScalingPolicyUpdate must be specified to enable auto scaling")
	}
	if u.MinimumUnits != nil {
		s.Min = *u.MinimumUnits
	}
	if u.MaximumUnits != nil {
		s.Max = *u.MaximumUnits
	}
	if u.AutoScalingRoleArn != "" {
		s.Role = u.AutoScalingRoleArn
	}
	if s.Min > s.Max {
		return nil, invalidParameter(fmt.Sprintf("MinimumUnits %d must not be greater than MaximumUnits %d", s.Min, s.Max))
	}
	if p := u.ScalingPolicyUpdate; p != nil {
		if p.PolicyName != "" {
			s.Policy = p.PolicyName
		}
		if v := *p.Target.TargetValue; v < minUtilization || v > maxUtilization {
			return nil, invalidParameter(fmt.Sprintf("TargetValue must be between %d and %d", minUtilization, maxUtilization))
		}
		s.Target, s.In, s.Out, s.NoIn = *p.Target.TargetValue, p.Target.ScaleInCooldown, p.Target.ScaleOutCooldown, p.Target.DisableScaleIn
	}
	return &s, nil
}

func (s *scaling) describe() *scalingDescription {
	if s == nil {
		off := true
		return &scalingDescription{AutoScalingDisabled: &off}
	}
	return &scalingDescription{
		MinimumUnits: s.Min, MaximumUnits: s.Max, AutoScalingRoleArn: s.Role,
		ScalingPolicies: []scalingPolicyDescription{{s.Policy, &scalingTarget{s.NoIn, s.In, s.Out, &s.Target}}},
	}
}

// setWrites applies an update of write capacity to a table's settings.
func (s *scalings) setWrites(t *catalog.Table, table *scalingUpdate, indexes []indexScalingUpdate) (err error) {
	if s.Write, err = table.apply(s.Write, scaledCapacity{"Write", t.Name, ""}); err != nil {
		return err
	}
	for _, u := range indexes {
		if err := isScalable(t, u.IndexName); err != nil {
			return err
		}
		if s.IndexWrite == nil {
			s.IndexWrite = map[string]*scaling{}
		}
		if s.IndexWrite[u.IndexName], err = u.Write.apply(s.IndexWrite[u.IndexName], scaledCapacity{"Write", t.Name, u.IndexName}); err != nil {
			return err
		}
	}
	return nil
}

// setReads applies an update of read capacity to the settings of one replica.
func (s *scalings) setReads(t *catalog.Table, table *scalingUpdate, indexes []replicaIndexScalingUpdate) (err error) {
	if s.Read, err = table.apply(s.Read, scaledCapacity{"Read", t.Name, ""}); err != nil {
		return err
	}
	for _, u := range indexes {
		if err := isScalable(t, u.IndexName); err != nil {
			return err
		}
		if s.IndexRead == nil {
			s.IndexRead = map[string]*scaling{}
		}
		if s.IndexRead[u.IndexName], err = u.Read.apply(s.IndexRead[u.IndexName], scaledCapacity{"Read", t.Name, u.IndexName}); err != nil {
			return err
		}
	}
	return nil
}

func isScalable(t *catalog.Table, index string) error {
	if x := t.Index(index); x == nil || x.Local {
		return &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Index: " + index + " not found"}
	}
	return nil
}
