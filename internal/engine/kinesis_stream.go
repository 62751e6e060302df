package engine

import (
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Kinesis data streams a table sends its changes to. The setting is kept and answered as the service does; nothing is
// delivered, for there is no Kinesis here.

var kinesisActions = map[string]action{
	"EnableKinesisStreamingDestination":   handle(enableKinesis),
	"DisableKinesisStreamingDestination":  handle(disableKinesis),
	"DescribeKinesisStreamingDestination": handle(describeKinesis),
	"UpdateKinesisStreamingDestination":   handle(updateKinesis),
}

// kinesisSetting names the setting in the catalogue.
const kinesisSetting = "kinesis"

// kinesisKept is how long a destination that was disabled is still shown.
const kinesisKept = 24 * time.Hour

// kinesisDelay is how long a destination takes to change when the life cycle is realistic.
const kinesisDelay = 3 * time.Second

// kinesisDestination is one stream of a table, as kept.
type kinesisDestination struct {
	Stream    string
	Active    bool
	Precision string    // MILLISECOND or MICROSECOND
	Changed   time.Time // when the last change was asked for
	Doing     string    // ENABLING, UPDATING or DISABLING: what was asked for
}

// status is the state at a time: under a realistic life cycle a change takes a moment.
func (d kinesisDestination) status(e *Engine, now time.Time) string {
	switch {
	case e.realistic() && now.Before(d.Changed.Add(kinesisDelay)):
		return d.Doing
	case d.Active:
		return "ACTIVE"
	}
	return "DISABLED"
}

type kinesisPrecision struct {
	Precision string `wire:"ApproximateCreationDateTimePrecision,enum=MILLISECOND|MICROSECOND"`
}

type kinesisInput struct {
	TableName string            `wire:"TableName,required,table"`
	StreamArn string            `wire:"StreamArn,required,min=37,max=1024"`
	Enable    *kinesisPrecision `wire:"EnableKinesisStreamingConfiguration"`
}

type kinesisOutput struct {
	TableName         string            `wire:"TableName"`
	StreamArn         string            `wire:"StreamArn"`
	DestinationStatus string            `wire:"DestinationStatus"`
	Enable            *kinesisPrecision `wire:"EnableKinesisStreamingConfiguration"`
}

type updateKinesisInput struct {
	TableName string            `wire:"TableName,required,table"`
	StreamArn string            `wire:"StreamArn,required,min=37,max=1024"`
	Update    *kinesisPrecision `wire:"UpdateKinesisStreamingConfiguration"`
}

type updateKinesisOutput struct {
	TableName         string            `wire:"TableName"`
	StreamArn         string            `wire:"StreamArn"`
	DestinationStatus string            `wire:"DestinationStatus"`
	Update            *kinesisPrecision `wire:"UpdateKinesisStreamingConfiguration"`
}

type describeKinesisInput struct {
	TableName string `wire:"TableName,required,table"`
}

type kinesisDescription struct {
	StreamArn         string `wire:"StreamArn"`
	DestinationStatus string `wire:"DestinationStatus"`
	Precision         string `wire:"ApproximateCreationDateTimePrecision"`
}

type describeKinesisOutput struct {
	TableName    string               `wire:"TableName"`
	Destinations []kinesisDescription `wire:"KinesisDataStreamDestinations,keep"`
}

// errKinesisState refuses a change the destination is in the wrong state for. The words, the ones about enabling
// included, are the service's for every operation.
func errKinesisState(what string) error {
	return validation("Table is not in a valid state to enable Kinesis Streaming Destination: " + what)
}

// kinesisStream checks that an ARN names a stream of the call's region.
func (c *call) kinesisStream(arn string) error {
	p := strings.SplitN(arn, ":", 6)
	if len(p) != 6 || p[0] != "arn" || p[2] != "kinesis" || p[4] == "" || !strings.HasPrefix(p[5], "stream/") || len(p[5]) == len("stream/") {
		return validation("Invalid StreamArn: " + arn)
	}
	if p[3] != c.region {
		return validation("Invalid StreamArn: the Kinesis data stream must be in the Region of the table, " + c.region + ": " + arn)
	}
	return nil
}

// changeKinesis changes the destinations of a table that is settled.
func (c *call) changeKinesis(table, arn string, change func(t *catalog.Table, list []kinesisDestination) ([]kinesisDestination, error)) (string, error) {
	t, err := c.anyTable(table)
	if err != nil {
		return "", err
	}
	if err := c.kinesisStream(arn); err != nil {
		return "", err
	}
	_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		if err := settled(t); err != nil {
			return err
		}
		list, err := kinesisOf(t, c.now)
		if err != nil {
			return err
		}
		for _, d := range list {
			if s := d.status(c.e, c.now); s != "ACTIVE" && s != "DISABLED" {
				return errInUse("Table is being updated: " + t.Name + ": its Kinesis streaming destination is " + s)
			}
		}
		if list, err = change(t, list); err != nil {
			return err
		}
		return t.SetSetting(kinesisSetting, list)
	})
	return t.Name, err
}

// kinesisOf lists the destinations of a table, without those that were disabled long ago.
func kinesisOf(t *catalog.Table, now time.Time) ([]kinesisDestination, error) {
	var list []kinesisDestination
	if _, err := t.Setting(kinesisSetting, &list); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(d kinesisDestination) bool { return !d.Active && now.Sub(d.Changed) > kinesisKept }), nil
}

// enableKinesis adds a destination; a table has one that is active.
func enableKinesis(c *call, in *kinesisInput) (*kinesisOutput, error) {
	want := kinesisPrecision{"MILLISECOND"}
	if in.Enable != nil && in.Enable.Precision != "" {
		want = *in.Enable
	}
	name, err := c.changeKinesis(in.TableName, in.StreamArn, func(_ *catalog.Table, list []kinesisDestination) ([]kinesisDestination, error) {
		if slices.ContainsFunc(list, func(d kinesisDestination) bool { return d.Active }) {
			return nil, errKinesisState("EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.")
		}
		list = slices.DeleteFunc(list, func(d kinesisDestination) bool { return d.Stream == in.StreamArn })
		return append(list, kinesisDestination{in.StreamArn, true, want.Precision, c.now.UTC(), "ENABLING"}), nil
	})
	if err != nil {
		return nil, err
	}
	return &kinesisOutput{name, in.StreamArn, "ENABLING", &want}, nil
}

func disableKinesis(c *call, in *kinesisInput) (*kinesisOutput, error) {
	name, err := c.changeKinesis(in.TableName, in.StreamArn, func(_ *catalog.Table, list []kinesisDestination) ([]kinesisDestination, error) {
		d, err := activeKinesis(list, in.StreamArn, "DISABLE")
		if err != nil {
			return nil, err
		}
		d.Active, d.Changed, d.Doing = false, c.now.UTC(), "DISABLING"
		return list, nil
	})
	if err != nil {
		return nil, err
	}
	return &kinesisOutput{TableName: name, StreamArn: in.StreamArn, DestinationStatus: "DISABLING", Enable: in.Enable}, nil
}

// activeKinesis finds the destination an operation is about, which must be active.
func activeKinesis(list []kinesisDestination, arn, operation string) (*kinesisDestination, error) {
	i := slices.IndexFunc(list, func(d kinesisDestination) bool { return d.Stream == arn && d.Active })
	if i < 0 {
		return nil, errKinesisState("KinesisStreamingDestination must be ACTIVE to perform " + operation + " operation.")
	}
	return &list[i], nil
}

// updateKinesis changes the precision of the times in the records.
func updateKinesis(c *call, in *updateKinesisInput) (*updateKinesisOutput, error) {
	if in.Update == nil || in.Update.Precision == "" {
		return nil, validation("Streaming destination cannot be updated with given parameters: " +
			"UpdateKinesisStreamingConfiguration cannot be null or contain only null values")
	}
	name, err := c.changeKinesis(in.TableName, in.StreamArn, func(t *catalog.Table, list []kinesisDestination) ([]kinesisDestination, error) {
		d, err := activeKinesis(list, in.StreamArn, "UPDATE")
		if err != nil {
			return nil, err
		}
		if d.Precision == in.Update.Precision {
			return nil, validation("Invalid Request: Precision is already set to the desired value of " + d.Precision +
				" for tableId: " + t.UUID + ", kdsArn: " + in.StreamArn)
		}
		d.Precision, d.Changed, d.Doing = in.Update.Precision, c.now.UTC(), "UPDATING"
		return list, nil
	})
	if err != nil {
		return nil, err
	}
	return &updateKinesisOutput{name, in.StreamArn, "UPDATING", in.Update}, nil
}

func describeKinesis(c *call, in *describeKinesisInput) (*describeKinesisOutput, error) {
	t, err := c.anyTable(in.TableName)
	if err != nil {
		return nil, err
	}
	list, err := kinesisOf(t, c.now)
	if err != nil {
		return nil, err
	}
	out := &describeKinesisOutput{TableName: t.Name, Destinations: []kinesisDescription{}}
	for _, d := range list {
		out.Destinations = append(out.Destinations, kinesisDescription{d.Stream, d.status(c.e, c.now), d.Precision})
	}
	return out, nil
}
