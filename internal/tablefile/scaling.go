package tablefile

import (
	"fmt"
	"strconv"
	"strings"
)

// Scaling is the auto scaling of the provisioned capacity of a table or a global index. Nil is nothing said of that capacity.
type Scaling struct{ Read, Write *Bounds }

// Bounds are those that capacity moves in, and what moves it. The zero value is no auto scaling.
type Bounds struct {
	Min, Max int64
	// Target is the share of the capacity that is to be used, in percent: 20 to 90.
	Target float64
	// In and Out are how many seconds pass after capacity was taken away or added, before more of that; 0 is the service's choice.
	In, Out int64
	// Keep says that capacity is only added.
	Keep bool
}

// defaultTarget is what the console proposes.
const defaultTarget = 70

func notScaled() *Scaling { return &Scaling{&Bounds{}, &Bounds{}} }

// On tells whether there is auto scaling.
func (b *Bounds) On() bool { return b != nil && b.Max > 0 }

// On tells whether any capacity is scaled.
func (s *Scaling) On() bool { return s != nil && (s.Read.On() || s.Write.On()) }

// Text writes bounds for people.
func (b *Bounds) Text() string {
	switch {
	case b == nil:
		return ""
	case !b.On():
		return Off
	}
	text := fmt.Sprintf("%d to %d at %s %%", b.Min, b.Max, percent(b.Target))
	if b.In > 0 || b.Out > 0 {
		text += fmt.Sprintf(", %d s after more, %d s after less", b.Out, b.In)
	}
	if b.Keep {
		text += ", never less"
	}
	return text
}

func percent(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// scaling reads off, or {read: {min: 5, max: 100, target: 70}, write: off}.
func (n *node) scaling() (*Scaling, error) {
	if n.kind == scalar && isOff(n.text) {
		return notScaled(), nil
	}
	s := &Scaling{}
	err := n.members([]string{"read", "write"}, func(name string, v *node) (err error) {
		if name == "read" {
			s.Read, err = v.bounds()
		} else {
			s.Write, err = v.bounds()
		}
		return err
	})
	return s, err
}

func isOff(word string) bool { return word == Off || word == "none" || word == "false" || word == "no" }

func (n *node) bounds() (*Bounds, error) {
	b := &Bounds{Target: defaultTarget}
	if n.kind == scalar && isOff(n.text) {
		return &Bounds{}, nil
	}
	err := n.members([]string{"min", "max", "target", "scale-in-cooldown", "scale-out-cooldown", "scale-in"}, func(name string, v *node) (err error) {
		switch name {
		case "min":
			b.Min, err = v.integer(1)
		case "max":
			b.Max, err = v.integer(1)
		case "target":
			if b.Target, err = strconv.ParseFloat(v.text, 64); err != nil || v.kind != scalar || b.Target < 20 || b.Target > 90 {
				err = v.fail("expected a percentage from 20 to 90, found "+v.kindText(), "")
			}
		case "scale-in-cooldown":
			b.In, err = v.integer(0)
		case "scale-out-cooldown":
			b.Out, err = v.integer(0)
		case "scale-in":
			var word string
			word, err = v.oneOf(On, Off)
			b.Keep = word == Off
		}
		return err
	})
	switch {
	case err != nil:
	case b.Min == 0 || b.Max == 0:
		err = n.fail("min or max is missing", "write it as {min: 5, max: 100, target: 70}, or off")
	case b.Min > b.Max:
		err = n.fail(fmt.Sprintf("min %d is above max %d", b.Min, b.Max), "")
	}
	return b, err
}

func (w *writer) scaling(indent string, s *Scaling) {
	if s == nil || s.Read == nil && s.Write == nil {
		return
	}
	if s.Read != nil && s.Write != nil && !s.On() {
		w.line("%sauto-scaling: off", indent)
		return
	}
	w.line("%sauto-scaling:", indent)
	for _, x := range []struct {
		name   string
		bounds *Bounds
	}{{"read", s.Read}, {"write", s.Write}} {
		if x.bounds != nil {
			w.line("%s  %s: %s", indent, x.name, x.bounds.flow())
		}
	}
}

// flow writes bounds as YAML in one line.
func (b *Bounds) flow() string {
	if !b.On() {
		return Off
	}
	parts := []string{fmt.Sprintf("min: %d, max: %d, target: %s", b.Min, b.Max, percent(b.Target))}
	if b.In > 0 {
		parts = append(parts, fmt.Sprintf("scale-in-cooldown: %d", b.In))
	}
	if b.Out > 0 {
		parts = append(parts, fmt.Sprintf("scale-out-cooldown: %d", b.Out))
	}
	if b.Keep {
		parts = append(parts, "scale-in: off")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// scaling compares what both name.
func (d *differ) scaling(setting string, a, b *Scaling) {
	if a == nil || b == nil {
		return
	}
	d.words(setting+" read", a.Read.Text(), b.Read.Text())
	d.words(setting+" write", a.Write.Text(), b.Write.Text())
}

// capacity compares units, where auto scaling does not move them.
func (d *differ) capacity(setting string, a, b *Units, scaled ...*Scaling) {
	if a == nil || b == nil {
		return
	}
	d.units(setting, a, moved(a, b, scaled...))
}

// moved is want with that of have where auto scaling moves it: what is provisioned at a moment is then nobody's wish.
func moved(have, want *Units, scaled ...*Scaling) *Units {
	u := *want
	for _, s := range scaled {
		if s == nil || have == nil {
			continue
		}
		if s.Read.On() {
			u.Read = have.Read
		}
		if s.Write.On() {
			u.Write = have.Write
		}
	}
	return &u
}

// SetScaling changes the auto scaling of a table, "", and of indexes, in one call. What is nil in a Scaling stays as it is.
type SetScaling struct{ Of map[string]*Scaling }

func (*SetScaling) action() {}

// scaling plans auto scaling, which is of a table that is provisioned.
func (p *planner) scaling() {
	if p.billing() == OnDemand {
		return
	}
	change := &SetScaling{Of: map[string]*Scaling{}}
	var said []string
	look := func(index string, have, want *Scaling) {
		if want == nil {
			return
		}
		if have == nil {
			have = &Scaling{}
		}
		s := &Scaling{}
		name := "auto-scaling"
		if index != "" {
			name += " of index " + index
		}
		for _, x := range []struct {
			what       string
			have, want *Bounds
			into       **Bounds
		}{{"read", have.Read, want.Read, &s.Read}, {"write", have.Write, want.Write, &s.Write}} {
			if x.want == nil || x.want.Text() == x.have.Text() || !x.want.On() && !x.have.On() {
				continue
			}
			*x.into = x.want
			said = append(said, name+": "+x.what+" "+x.want.Text())
		}
		if *s != (Scaling{}) {
			change.Of[index] = s
		}
	}
	look("", p.have.Scaling, p.want.Scaling)
	for _, x := range p.want.Indexes {
		old, _ := find(p.have.Indexes, x.Name)
		look(x.Name, old.Scaling, x.Scaling)
	}
	if len(said) > 0 {
		p.step("UpdateTableReplicaAutoScaling", strings.Join(said, ", "), change)
	}
}
