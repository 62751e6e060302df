package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Auto scaling of provisioned capacity: the settings are kept and shown; capacity does not change by itself here.

// scalingSetting names the settings of a table in the catalogue.
const scalingSetting = "scaling"

// The range of a target utilization in percent. The guide begins it at 20; the service takes 10 (DDB-TABLE-253).
const (
	minUtilization = 10
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

// scaleNew gives a new index of a provisioned table in several Regions the auto scaling of writes that its table has, since an index of such a table
// cannot be without (DDB-TABLE-322).
func scaleNew(t *catalog.Table, x *catalog.Index) error {
	s, err := scalingsOf(t)
	if err != nil || s.Write == nil || t.OnDemand || t.Replication == nil || t.Replication.Version != catalog.GlobalCurrent {
		return err
	}
	index := *s.Write
	index.Policy = scaledCapacity{"Write", t.Name, x.Name}.policy()
	all := map[string]*scaling{x.Name: &index}
	for name, had := range s.IndexWrite {
		if name != x.Name {
			all[name] = had
		}
	}
	s.IndexWrite = all
	return t.SetSetting(scalingSetting, s)
}

// mayAddIndex refuses a new index of a provisioned table in several Regions while an index it has is not scaled (DDB-TABLE-291).
func mayAddIndex(t *catalog.Table, in *updateTableInput) error {
	adds := slices.ContainsFunc(in.GlobalSecondaryIndexUpdates, func(u globalIndexUpdate) bool { return u.Create != nil })
	if !adds || t.OnDemand || t.Replication == nil || t.Replication.Version != catalog.GlobalCurrent {
		return nil
	}
	return writesScaled(t)
}

// writesScaled refuses replicas of a table whose write capacity, or that of an index, is not scaled (DDB-TABLE-188 and 288).
func writesScaled(t *catalog.Table) error {
	s, err := scalingsOf(t)
	if err != nil {
		return err
	}
	if s.Write == nil {
		return validation("Table write capacity should either be Pay-Per-Request or AutoScaled.")
	}
	for _, x := range t.Indexes {
		if !x.Local && s.IndexWrite[x.Name] == nil {
			return validation("GSI write capacity should either be Pay-Per-Request or AutoScaled.")
		}
	}
	return nil
}

// what names a capacity in the names of policies and roles.
type scaledCapacity struct{ kind, table, index string }

func (c scaledCapacity) policy() string {
	if c.index != "" {
		return fmt.Sprintf("DynamoDB%sCapacityUtilization:table/%s/index/%s", c.kind, c.table, c.index)
	}
	return fmt.Sprintf("DynamoDB%sCapacityUtilization:table/%s", c.kind, c.table)
}

// scalingRole is the role that Application Auto Scaling takes, whatever AutoScalingRoleArn names (DDB-TABLEREPLICAAUTOSCALING-001).
const scalingRole = "arn:aws:iam::" + catalog.Account +
	":role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"

// enables reports whether an update turns auto scaling on, or changes it.
func (u *scalingUpdate) enables() bool {
	return u != nil && (u.AutoScalingDisabled == nil || !*u.AutoScalingDisabled)
}

// complete refuses an update that turns auto scaling on and does not say how.
func (u *scalingUpdate) complete(table string) error {
	if !u.enables() {
		return u.bare(table)
	}
	var missing []string
	if u.MaximumUnits == nil {
		missing = append(missing, "'MaximumUnits'")
	}
	if u.ScalingPolicyUpdate == nil {
		missing = append(missing, "'ScalingPolicyUpdate'")
	}
	if u.MinimumUnits == nil {
		missing = append(missing, "'MinimumUnits'")
	}
	if missing != nil {
		return validation("Failed to update settings for global table with name: ‘" + table + "’: Parameters " + strings.Join(missing, ", ") +
			" are required unless auto scaling is being disabled.")
	}
	return nil
}

// bare refuses an update that turns auto scaling off and says how it should be (DDB-TABLE-242).
func (u *scalingUpdate) bare(table string) error {
	if u == nil {
		return nil
	}
	var extra []string
	if u.MaximumUnits != nil {
		extra = append(extra, "'MaximumUnits'")
	}
	if u.ScalingPolicyUpdate != nil {
		extra = append(extra, "'ScalingPolicyUpdate'")
	}
	if u.MinimumUnits != nil {
		extra = append(extra, "'MinimumUnits'")
	}
	if extra == nil {
		return nil
	}
	return validation("Failed to update settings for global table with name ‘" + table + "’: Parameters " + strings.Join(extra, ", ") +
		" must be left blank when disabling auto scaling.")
}

// apply is what an update makes of a setting; nil when auto scaling is off. What it says goes to Application Auto Scaling on the service, whose refusals
// are passed on (DDB-TABLE-253).
func (u *scalingUpdate) apply(old *scaling, of scaledCapacity) (*scaling, error) {
	switch {
	case u == nil:
		return old, nil
	case !u.enables():
		return nil, u.bare(of.table)
	}
	if err := u.complete(of.table); err != nil {
		return nil, err
	}
	if *u.MinimumUnits > *u.MaximumUnits {
		return nil, errScaling("Maximum capacity cannot be less than minimum capacity")
	}
	p := u.ScalingPolicyUpdate
	target := *p.Target.TargetValue
	switch {
	case target <= 0:
		return nil, errScaling("For target tracking scaling, target value must be between '8.51592E-109' and '1.174271E108', but was '" + decimal(target) + "'.")
	case target < minUtilization || target > maxUtilization:
		return nil, errScaling(fmt.Sprintf("For predefined metric type DynamoDB%sCapacityUtilization, target value must be between '%s' and '%s', but was '%s'.",
			of.kind, decimal(minUtilization), decimal(maxUtilization), decimal(target)))
	}
	s := scaling{
		Min: *u.MinimumUnits, Max: *u.MaximumUnits, Role: scalingRole, Policy: of.policy(),
		Target: target, In: p.Target.ScaleInCooldown, Out: p.Target.ScaleOutCooldown, NoIn: p.Target.DisableScaleIn,
	}
	if old != nil {
		s.Policy = old.Policy
	}
	if p.PolicyName != "" {
		s.Policy = p.PolicyName
	}
	return &s, nil
}

// decimal writes a number as the messages of Application Auto Scaling have it.
func decimal(f float64) string { return string(appendFloat(nil, f)) }

// errScaling is a refusal of Application Auto Scaling, passed on.
func errScaling(message string) error {
	return validation(message + " (Service: AWSApplicationAutoScaling; Status Code: 400; Error Code: ValidationException; Request ID: " + newUUID() + "; Proxy: null)")
}

func (s *scaling) describe() *scalingDescription {
	if s == nil {
		off := true
		return &scalingDescription{AutoScalingDisabled: &off, ScalingPolicies: []scalingPolicyDescription{}}
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
	var missing []string
	for _, u := range indexes {
		if !scalable(t, u.IndexName) {
			missing = append(missing, u.IndexName)
		}
	}
	if missing != nil {
		return errUnscalable(t.Name, "the global secondary indexes with names: ‘["+strings.Join(missing, ", ")+"]’ do not exist")
	}
	for _, u := range indexes {
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
		if !scalable(t, u.IndexName) {
			return errUnscalable(t.Name, "a global secondary index with name: ‘"+u.IndexName+"’ does not exist in region: ‘"+t.Region+"’")
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

// scalable reports whether a table has a global index. One that is being made is not known yet (DDB-TABLE-323).
func scalable(t *catalog.Table, index string) bool {
	x := t.Index(index)
	return x != nil && !x.Local && x.Status != catalog.Creating
}

// errUnscalable refuses settings of indexes that a table does not have (DDB-TABLE-291 and 323).
func errUnscalable(table, because string) error {
	return &apiError{
		Type:    "ResourceNotFoundException",
		Message: "Failed to update settings for global table with name: ‘" + table + "’ because " + because + ".",
	}
}
