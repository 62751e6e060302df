package engine

import (
	"cmp"
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
	Precision string    // MILLISECOND or MICROSECOND; empty: none was given, which is MILLISECOND
	Changed   time.Time // when the last change was asked for
	Doing     string    // ENABLING, UPDATING or DISABLING: what was asked for
	Failed    string    `json:",omitempty"` // why it could not be enabled
}

// status is the state at a time: under a realistic life cycle a change takes a moment.
func (d kinesisDestination) status(e *Engine, now time.Time) string {
	switch {
	case e.realistic() && now.Before(d.Changed.Add(kinesisDelay)):
		return d.Doing
	case d.Failed != "":
		return "ENABLE_FAILED"
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
	StatusDescription string `wire:"DestinationStatusDescription"`
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

// cannotStream tells why an ARN is no stream a table of the Region can send to. Nobody is told at once: enabling begins and fails (DDB-TABLE-318).
func (c *call) cannotStream(arn string) string {
	p := strings.SplitN(arn, ":", 6)
	switch {
	case len(p) != 6 || p[0] != "arn" || p[2] != "kinesis" || !strings.HasPrefix(p[5], "stream/") || strings.Contains(p[5][len("stream/"):], "/"):
		return "User does not have a permission to use kinesis stream"
	case p[3] != c.region:
		return "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in the current region"
	}
	return ""
}

// changeKinesis changes the destinations of a table, which must be neither coming nor going (API reference, ResourceInUseException).
func (c *call) changeKinesis(table string, change func(t *catalog.Table, list []kinesisDestination) ([]kinesisDestination, error)) (string, error) {
	t, _, err := c.known(table)
	if err != nil {
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

// enableKinesis adds a destination. A table has one at most that is neither disabled nor failed.
func enableKinesis(c *call, in *kinesisInput) (*kinesisOutput, error) {
	var want kinesisPrecision
	if in.Enable != nil {
		want = *in.Enable
	}
	failed := c.cannotStream(in.StreamArn)
	name, err := c.changeKinesis(in.TableName, func(_ *catalog.Table, list []kinesisDestination) ([]kinesisDestination, error) {
		for _, d := range list {
			if s := d.status(c.e, c.now); s != "DISABLED" && s != "ENABLE_FAILED" {
				return nil, errKinesisState("EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.")
			}
		}
		list = slices.DeleteFunc(list, func(d kinesisDestination) bool { return d.Stream == in.StreamArn })
		return append(list, kinesisDestination{in.StreamArn, failed == "", want.Precision, c.now.UTC(), "ENABLING", failed}), nil
	})
	if err != nil {
		return nil, err
	}
	return &kinesisOutput{name, in.StreamArn, "ENABLING", &want}, nil
}

func disableKinesis(c *call, in *kinesisInput) (*kinesisOutput, error) {
	if in.Enable != nil && in.Enable.Precision != "" {
		return nil, validation("Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters")
	}
	name, err := c.changeKinesis(in.TableName, func(_ *catalog.Table, list []kinesisDestination) ([]kinesisDestination, error) {
		d := c.activeKinesis(list, in.StreamArn)
		if d == nil {
			return nil, errKinesisState("KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.")
		}
		d.Active, d.Changed, d.Doing = false, c.now.UTC(), "DISABLING"
		return list, nil
	})
	if err != nil {
		return nil, err
	}
	return &kinesisOutput{TableName: name, StreamArn: in.StreamArn, DestinationStatus: "DISABLING", Enable: in.Enable}, nil
}

// activeKinesis finds the destination an operation is about, nil unless it is active. Whether there is such a stream makes no difference.
func (c *call) activeKinesis(list []kinesisDestination, arn string) *kinesisDestination {
	i := slices.IndexFunc(list, func(d kinesisDestination) bool { return d.Stream == arn && d.status(c.e, c.now) == "ACTIVE" })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// updateKinesis changes the precision of the times in the records.
func updateKinesis(c *call, in *updateKinesisInput) (*updateKinesisOutput, error) {
	if in.Update == nil || in.Update.Precision == "" {
		return nil, validation("Streaming destination cannot be updated with given parameters: " +
			"UpdateKinesisStreamingConfiguration cannot be null or contain only null values")
	}
	name, err := c.changeKinesis(in.TableName, func(t *catalog.Table, list []kinesisDestination) ([]kinesisDestination, error) {
		d := c.activeKinesis(list, in.StreamArn)
		if d == nil {
			return nil, errKinesisState("Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. TableName: " + t.Name + ", kdsArn: " + in.StreamArn)
		}
		if cmp.Or(d.Precision, "MILLISECOND") == in.Update.Precision {
			return nil, validation("Invalid Request: Precision is already set to the desired value of " + in.Update.Precision +
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
	t, _, err := c.known(in.TableName)
	if err != nil {
		return nil, err
	}
	list, err := kinesisOf(t, c.now)
	if err != nil {
		return nil, err
	}
	out := &describeKinesisOutput{TableName: t.Name, Destinations: []kinesisDescription{}}
	for _, d := range list {
		why := ""
		s := d.status(c.e, c.now)
		if s == "ENABLE_FAILED" {
			why = d.Failed
		}
		out.Destinations = append(out.Destinations, kinesisDescription{d.Stream, s, why, d.Precision})
	}
	return out, nil
}
