package tablefile

import (
	"fmt"
	"strings"
)

// CloudFormation and Terraform keep auto scaling as resources of Application Auto Scaling: a target with bounds for each capacity, and a
// policy that moves it.

// scaledCapacity is one capacity that is scaled. Index is "" for the table's own, kind Read or Write.
type scaledCapacity struct {
	index, kind string
	*Bounds
}

func (t *Table) scaledCapacities() []scaledCapacity {
	var all []scaledCapacity
	add := func(index string, s *Scaling) {
		if s == nil {
			return
		}
		if s.Read.On() {
			all = append(all, scaledCapacity{index, "Read", s.Read})
		}
		if s.Write.On() {
			all = append(all, scaledCapacity{index, "Write", s.Write})
		}
	}
	add("", t.Scaling)
	for _, x := range t.Indexes {
		add(x.Name, x.Scaling)
	}
	return all
}

// resource is what Application Auto Scaling calls the table or the index, the table by a name or by a reference.
func (c scaledCapacity) resource(table string) string {
	if c.index != "" {
		return "table/" + table + "/index/" + c.index
	}
	return "table/" + table
}

func (c scaledCapacity) dimension() string {
	of := "table"
	if c.index != "" {
		of = "index"
	}
	return "dynamodb:" + of + ":" + c.kind + "CapacityUnits"
}

func (c scaledCapacity) metric() string { return "DynamoDB" + c.kind + "CapacityUtilization" }

// scalingResources writes the targets and policies of a table behind it.
func (w *writer) scalingResources(t *Table) {
	for _, c := range t.scaledCapacities() {
		id := LogicalID(t.Name)
		if c.index != "" {
			id += LogicalID(c.index)
		}
		id += c.kind
		w.line("  %sTarget:", id)
		w.line("    Type: AWS::ApplicationAutoScaling::ScalableTarget")
		w.line("    DependsOn: %s", LogicalID(t.Name))
		w.line("    Properties:")
		p := &properties{w, "      "}
		p.word("ServiceNamespace", "dynamodb")
		p.word("ResourceId", c.resource(t.Name))
		p.word("ScalableDimension", c.dimension())
		w.line("      MinCapacity: %d\n      MaxCapacity: %d", c.Min, c.Max)
		w.line("  %sPolicy:", id)
		w.line("    Type: AWS::ApplicationAutoScaling::ScalingPolicy")
		w.line("    Properties:")
		p.word("PolicyName", c.metric()+":"+c.resource(t.Name))
		p.word("PolicyType", "TargetTrackingScaling")
		w.line("      ScalingTargetId: {Ref: %sTarget}", id)
		w.line("      TargetTrackingScalingPolicyConfiguration:")
		w.line("        PredefinedMetricSpecification: {PredefinedMetricType: %s}", c.metric())
		w.line("        TargetValue: %s", percent(c.Target))
		if c.In > 0 {
			w.line("        ScaleInCooldown: %d", c.In)
		}
		if c.Out > 0 {
			w.line("        ScaleOutCooldown: %d", c.Out)
		}
		if c.Keep {
			w.line("        DisableScaleIn: true")
		}
	}
}

// tfScaling writes the targets and policies of a table as resources of their own.
func (w *writer) tfScaling(t *Table, id string) {
	for _, c := range t.scaledCapacities() {
		name := id
		if c.index != "" {
			name += "_" + TerraformID(c.index)
		}
		name += "_" + strings.ToLower(c.kind)
		target := "aws_appautoscaling_target." + name
		resource := strings.ReplaceAll(hcl(c.resource("\x00")), `\u0000`, "${aws_dynamodb_table."+id+".name}")
		w.line("\nresource \"aws_appautoscaling_target\" %q {", name)
		w.line("  service_namespace = \"dynamodb\"\n  resource_id = %s\n  scalable_dimension = %q", resource, c.dimension())
		w.line("  min_capacity = %d\n  max_capacity = %d\n}", c.Min, c.Max)
		w.line("\nresource \"aws_appautoscaling_policy\" %q {", name)
		w.line("  name = %s\n  policy_type = \"TargetTrackingScaling\"", hcl(c.metric()+":"+c.resource(t.Name)))
		for _, argument := range []string{"service_namespace", "resource_id", "scalable_dimension"} {
			w.line("  %s = %s.%s", argument, target, argument)
		}
		lines := []string{"target_value = " + percent(c.Target)}
		if c.In > 0 {
			lines = append(lines, "scale_in_cooldown = "+number(c.In))
		}
		if c.Out > 0 {
			lines = append(lines, "scale_out_cooldown = "+number(c.Out))
		}
		if c.Keep {
			lines = append(lines, "disable_scale_in = true")
		}
		lines = append(lines, "predefined_metric_specification {\n      predefined_metric_type = \""+c.metric()+"\"\n    }")
		w.block("target_tracking_scaling_policy_configuration", lines...)
		w.line("}")
	}
}

// tfIgnored lets Terraform leave alone what auto scaling moves.
func (w *writer) tfIgnored(t *Table) {
	var moved []string
	if s := t.Scaling; s != nil && s.Read.On() {
		moved = append(moved, "read_capacity")
	}
	if s := t.Scaling; s != nil && s.Write.On() {
		moved = append(moved, "write_capacity")
	}
	if len(moved) > 0 {
		w.block("lifecycle", "ignore_changes = ["+strings.Join(moved, ", ")+"]")
	}
}

// scaledAt finds the bounds of a capacity among tables, by what Application Auto Scaling calls it; nil where there is no such table or index.
func scaledAt(tables []*Table, resource, dimension string) **Bounds {
	rest, ok := strings.CutPrefix(resource, "table/")
	if !ok {
		return nil
	}
	name, index, isIndex := strings.Cut(rest, "/index/")
	for _, t := range tables {
		if t.Name != name {
			continue
		}
		s := &t.Scaling
		if isIndex {
			if s = t.indexScaling(index); s == nil {
				return nil
			}
		}
		if *s == nil {
			*s = notScaled()
		}
		switch {
		case strings.HasSuffix(dimension, ":ReadCapacityUnits"):
			return &(*s).Read
		case strings.HasSuffix(dimension, ":WriteCapacityUnits"):
			return &(*s).Write
		}
	}
	return nil
}

func (t *Table) indexScaling(index string) **Scaling {
	for i := range t.Indexes {
		if t.Indexes[i].Name == index {
			return &t.Indexes[i].Scaling
		}
	}
	return nil
}

// unscaled says of a provisioned table that nothing is scaled, until a resource says so.
func (t *Table) unscaled() {
	if t.Billing != Provisioned {
		return
	}
	t.Scaling = notScaled()
	for i := range t.Indexes {
		t.Indexes[i].Scaling = notScaled()
	}
}

// templateScaling reads the resources of Application Auto Scaling in a template. What cannot be told apart is passed over, and said.
func templateScaling(resources *node, tables []*Table, logical map[string]string) (notes []string, err error) {
	type place struct{ resource, dimension string }
	targets := map[string]place{}
	s := &shape{}
	at := func(props *node) place {
		return place{substituted(props.get("ResourceId"), logical), s.text(props, "ScalableDimension")}
	}
	each := func(kind string, take func(name string, props *node)) {
		for _, f := range resources.fields {
			if k, props := f.value.get("Type"), f.value.get("Properties"); k != nil && k.text == kind && props != nil && s.err == nil {
				take(f.name, props)
			}
		}
	}
	each("AWS::ApplicationAutoScaling::ScalableTarget", func(name string, props *node) {
		if s.text(props, "ServiceNamespace") != "dynamodb" {
			return
		}
		targets[name] = at(props)
		b := scaledAt(tables, targets[name].resource, targets[name].dimension)
		if b == nil {
			notes = append(notes, name+" was passed over: it scales no table or index of this file")
			return
		}
		*b = &Bounds{Min: s.number(props, "MinCapacity"), Max: s.number(props, "MaxCapacity"), Target: defaultTarget}
	})
	each("AWS::ApplicationAutoScaling::ScalingPolicy", func(name string, props *node) {
		where := targets[reference(props.get("ScalingTargetId"))]
		if where == (place{}) && props.get("ResourceId") != nil {
			where = at(props)
		}
		b := scaledAt(tables, where.resource, where.dimension)
		policy := s.member(props, "TargetTrackingScalingPolicyConfiguration")
		if b == nil || !(*b).On() || policy == nil {
			notes = append(notes, name+" was passed over: it is no target tracking policy of a table or index of this file")
			return
		}
		s.policyInto(*b, policy, "TargetValue", "ScaleInCooldown", "ScaleOutCooldown", "DisableScaleIn")
	})
	return notes, s.err
}

// policyInto reads a policy by the names that a format has for its parts.
func (s *shape) policyInto(b *Bounds, n *node, target, in, out, keep string) {
	if text := s.text(n, target); text != "" && s.err == nil {
		if _, err := fmt.Sscan(text, &b.Target); err != nil {
			s.failed(n.get(target), fmt.Sprintf("expected a number, found %q", text), "")
		}
	}
	b.In, b.Out, b.Keep = s.number(n, in), s.number(n, out), s.truth(n, keep)
}

// reference is the logical id that a Ref names.
func reference(n *node) string {
	switch {
	case n == nil:
		return ""
	case n.kind == scalar && n.tag == "!Ref":
		return n.text
	case n.kind == mapping && len(n.fields) == 1 && n.fields[0].name == "Ref":
		return n.fields[0].value.text
	}
	return ""
}

// substituted is a text in which Fn::Sub may name tables of the template.
func substituted(n *node, logical map[string]string) string {
	switch {
	case n == nil:
		return ""
	case n.kind == mapping && len(n.fields) == 1 && n.fields[0].name == "Fn::Sub":
		n = n.fields[0].value
	}
	text := n.text
	for id, name := range logical {
		text = strings.ReplaceAll(text, "${"+id+"}", name)
	}
	return text
}

// scaling reads one resource of Application Auto Scaling. Targets come before the policies that refer to them.
func (s *tf) scaling(kind, name string, body *node, tables []*Table, named map[string]string) {
	if kind == "aws_appautoscaling_target" && s.text(body, "service_namespace") != "dynamodb" {
		return
	}
	resolved := func(argument string) string {
		v := body.get(argument)
		if v == nil {
			return ""
		}
		text := v.text
		for ref, value := range named {
			text = strings.ReplaceAll(text, "${"+ref+"}", value)
		}
		return text
	}
	resource, dimension := resolved("resource_id"), resolved("scalable_dimension")
	b := scaledAt(tables, resource, dimension)
	if b == nil {
		return // of a table that is not in this file
	}
	if kind == "aws_appautoscaling_target" {
		named["aws_appautoscaling_target."+name+".resource_id"] = resource
		named["aws_appautoscaling_target."+name+".scalable_dimension"] = dimension
		*b = &Bounds{Min: s.number(body, "min_capacity"), Max: s.number(body, "max_capacity"), Target: defaultTarget}
		return
	}
	if policy := s.one(body, "target_tracking_scaling_policy_configuration"); policy != nil && (*b).On() {
		s.policyInto(*b, policy, "target_value", "scale_in_cooldown", "scale_out_cooldown", "disable_scale_in")
	}
}
