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

// scalingResources writes the targets and policies of a table behind it, whose resource is called table.
func (w *writer) scalingResources(t *Table, table string) {
	for _, c := range t.scaledCapacities() {
		id := table
		if c.index != "" {
			id += logicalID(c.index)
		}
		id += c.kind
		target, policy := w.free("resource", id+"Target", ""), w.free("resource", id+"Policy", "")
		w.line("  %s:", target)
		w.line("    Type: AWS::ApplicationAutoScaling::ScalableTarget")
		w.line("    DependsOn: %s", table)
		w.line("    Properties:")
		p := &properties{w, "      "}
		p.word("ServiceNamespace", "dynamodb")
		p.word("ResourceId", c.resource(t.Name))
		p.word("ScalableDimension", c.dimension())
		w.line("      MinCapacity: %d\n      MaxCapacity: %d", c.Min, c.Max)
		w.line("  %s:", policy)
		w.line("    Type: AWS::ApplicationAutoScaling::ScalingPolicy")
		w.line("    Properties:")
		p.word("PolicyName", c.metric()+":"+c.resource(t.Name))
		p.word("PolicyType", "TargetTrackingScaling")
		w.line("      ScalingTargetId: {Ref: %s}", target)
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
