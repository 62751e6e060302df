package tablefile

import "strings"

// tfScaling writes the targets and policies of a table as resources of their own.
func (w *writer) tfScaling(t *Table, id string) {
	for _, c := range t.scaledCapacities() {
		name := id
		if c.index != "" {
			name += "_" + terraformID(c.index)
		}
		name = w.free("scaling", name+"_"+strings.ToLower(c.kind), "_")
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
