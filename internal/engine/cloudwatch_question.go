package engine

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/cbor"
	"github.com/ddb-cli/ddb/internal/engine/topkeys"
)

// reportQuestion reads and checks the parameters of a report.
func reportQuestion(in map[string]any) (q topkeys.Question, metrics []string, err error) {
	for _, name := range []string{"RuleName", "StartTime", "EndTime", "Period"} {
		if v := in[name]; v == nil || v == "" {
			return q, nil, &apiError{Type: "MissingRequiredParameterException", Message: "The parameter " + name + " is required."}
		}
	}
	var period, most int64
	for _, f := range []func() error{
		func() (err error) { q.Start, err = timeParameter(in, "StartTime"); return err },
		func() (err error) { q.End, err = timeParameter(in, "EndTime"); return err },
		func() (err error) { period, err = intParameter(in, "Period", 0, 1, 24*60*60*365); return err },
		func() (err error) {
			most, err = intParameter(in, "MaxContributorCount", defaultContributors, 1, maxContributors)
			return err
		},
	} {
		if err := f(); err != nil {
			return q, nil, err
		}
	}
	if !q.Start.Before(q.End) {
		return q, nil, badParameter("The parameter StartTime must be less than the parameter EndTime.")
	}
	q.Period, q.Most = time.Duration(period)*time.Second, int(most)
	switch in["OrderBy"] {
	case nil, "", "Sum":
	case "Maximum":
		q.ByPeak = true
	default:
		return q, nil, badParameter("The parameter OrderBy must be Sum or Maximum.")
	}
	list, _ := in["Metrics"].([]any)
	for _, v := range list {
		name, _ := v.(string)
		if !slices.ContainsFunc(insightMetrics, func(m insightMetric) bool { return m.name == name }) {
			return q, nil, badParameter(fmt.Sprintf("The parameter Metrics holds %q, which is no statistic of a report.", name))
		}
		metrics = append(metrics, name)
	}
	return q, metrics, nil
}

func badParameter(message string) error {
	return &apiError{Type: "InvalidParameterValueException", Message: message}
}

// timeParameter reads a time of any protocol: of CBOR, seconds of JSON, or text of a form.
func timeParameter(in map[string]any, name string) (time.Time, error) {
	switch v := in[name].(type) {
	case time.Time:
		return v, nil
	case float64:
		return cbor.Time(v), nil
	case string:
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
			if t, err := time.Parse(layout, v); err == nil {
				return t, nil
			}
		}
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return cbor.Time(f), nil
		}
	}
	return time.Time{}, badParameter("The parameter " + name + " must be a timestamp.")
}

// intParameter reads a whole number; missing where it was not given.
func intParameter(in map[string]any, name string, missing, least, most int64) (int64, error) {
	n := missing
	switch v := in[name].(type) {
	case nil:
	case float64:
		n = int64(v)
	case string:
		var err error
		if n, err = strconv.ParseInt(v, 10, 64); err != nil {
			n = least - 1
		}
	default:
		n = least - 1
	}
	if n < least || n > most {
		return 0, badParameter(fmt.Sprintf("The parameter %s must be between %d and %d.", name, least, most))
	}
	return n, nil
}
