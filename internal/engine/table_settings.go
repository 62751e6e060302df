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
