package engine

import (
	"strconv"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// maxUnits is where the service stops taking a number of capacity units seriously.
const maxUnits = 1_000_000_000_000

// checkBilling checks that billing mode and provisioned throughput go together.
func checkBilling(mode string, p *provisionedThroughput) error {
	switch {
	case mode == "PAY_PER_REQUEST" && p != nil:
		return invalidParameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	case mode != "PAY_PER_REQUEST" && p == nil:
		return invalidParameter("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	case p != nil:
		return checkUnits(p)
	}
	return nil
}

func checkUnits(p *provisionedThroughput) error {
	if p.ReadCapacityUnits > maxUnits {
		return validation("Given value " + strconv.FormatInt(p.ReadCapacityUnits, 10) + " for ReadCapacityUnits is out of bounds")
	}
	if p.WriteCapacityUnits > maxUnits {
		return validation("Given value " + strconv.FormatInt(p.WriteCapacityUnits, 10) + " for WriteCapacityUnits is out of bounds")
	}
	return nil
}

// onDemandLimit reads OnDemandThroughput: −1 removes a limit, a value not given leaves it without one.
func onDemandLimit(in *onDemandThroughput, onDemand bool, index string) (*catalog.Units, error) {
	if in == nil {
		return nil, nil
	}
	if !onDemand {
		of := "table"
		if index != "" {
			of = "index: " + index
		}
		return nil, invalidParameter("OnDemandThroughput cannot be specified for " + of + " when BillingMode is PROVISIONED")
	}
	u := &catalog.Units{Read: -1, Write: -1}
	for _, f := range []struct {
		name string
		from *int64
		to   *int64
	}{{"MaxReadRequestUnits", in.MaxReadRequestUnits, &u.Read}, {"MaxWriteRequestUnits", in.MaxWriteRequestUnits, &u.Write}} {
		if f.from == nil {
			continue
		}
		if *f.from < -1 || *f.from == 0 {
			return nil, invalidParameter(f.name + " must be at least 1, or -1 to remove the limit")
		}
		*f.to = *f.from
	}
	return u, nil
}

// warmUnits reads WarmThroughput; it can only grow.
func warmUnits(in *warmThroughput, old *catalog.Units) (*catalog.Units, error) {
	if in == nil {
		return old, nil
	}
	u := &catalog.Units{Read: warmRead, Write: warmWrite}
	if old != nil {
		*u = *old
	}
	for _, f := range []struct {
		name string
		from *int64
		to   *int64
	}{{"ReadUnitsPerSecond", in.ReadUnitsPerSecond, &u.Read}, {"WriteUnitsPerSecond", in.WriteUnitsPerSecond, &u.Write}} {
		if f.from == nil {
			continue
		}
		if *f.from < *f.to {
			return nil, invalidParameter("Requested " + f.name + " for WarmThroughput is lower than the current value of " + strconv.FormatInt(*f.to, 10))
		}
		*f.to = *f.from
	}
	return u, nil
}

// setSSE keeps the encryption setting. The default key belongs to the service and does not show.
func setSSE(t *catalog.Table, in *sseSpecification) error {
	enabled := in.Enabled != nil && *in.Enabled
	switch {
	case in.SSEType == "AES256":
		return invalidParameter("SSEType AES256 is not supported")
	case !enabled && (in.KMSMasterKeyID != nil || in.SSEType != ""):
		return invalidParameter("KMSMasterKeyId and SSEType can only be specified when SSE is enabled")
	case !enabled:
		t.SSE = nil
		return nil
	}
	key := "arn:aws:kms:" + t.Region + ":" + catalog.Account + ":key/" + newUUID()
	if in.KMSMasterKeyID != nil && *in.KMSMasterKeyID != "" {
		key = keyARN(t.Region, *in.KMSMasterKeyID)
	}
	t.SSE = &catalog.SSE{Enabled: true, KeyARN: key}
	return nil
}

// keyARN gives a KMS key's full name: ids, aliases and ARNs are all accepted.
func keyARN(region, id string) string {
	switch {
	case len(id) > 4 && id[:4] == "arn:":
		return id
	case len(id) > 6 && id[:6] == "alias/":
		return "arn:aws:kms:" + region + ":" + catalog.Account + ":" + id
	}
	return "arn:aws:kms:" + region + ":" + catalog.Account + ":key/" + id
}
