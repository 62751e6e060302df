package engine

import (
	"crypto/sha256"
	"errors"
	"regexp"
	"strconv"
	"strings"

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

// checkClass checks a table class, which the service does not count among the constraints of a request.
func checkClass(class string) error {
	switch class {
	case "", "STANDARD", "STANDARD_INFREQUENT_ACCESS":
		return nil
	}
	return validation("Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS].")
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

// wants reports whether a specification turns encryption with a KMS key on: to name its type is enough.
func (in *sseSpecification) wants() bool {
	return in.Enabled != nil && *in.Enabled || in.Enabled == nil && in.SSEType != ""
}

// setSSE keeps the encryption setting. The default key belongs to the service and does not show.
func setSSE(t *catalog.Table, in *sseSpecification) error {
	off := in.Enabled != nil && !*in.Enabled
	switch {
	case off && in.SSEType != "":
		return invalidParameter("SSEType can not be specified if Enabled is false")
	case off && in.KMSMasterKeyID != nil:
		return invalidParameter("KMSMasterKeyId can not be specified if Enabled is false")
	case in.SSEType == "AES256":
		return invalidParameter("SSEType AES256 is not supported")
	case in.KMSMasterKeyID != nil && in.SSEType == "":
		return invalidParameter("SSEType KMS is required if KMSMasterKeyId is specified")
	case !in.wants():
		t.SSE = nil
		return nil
	}
	id := defaultKey
	if in.KMSMasterKeyID != nil {
		id = *in.KMSMasterKeyID
	}
	key, err := keyARN(t.Region, id)
	if err != nil {
		return err
	}
	t.SSE = &catalog.SSE{Enabled: true, KeyARN: key}
	return nil
}

// changeSSE is setSSE for a table that is there. Only its own key by its ARN is known to be no change (DDB-TABLE-082).
func changeSSE(t *catalog.Table, in *sseSpecification) error {
	before := t.SSE
	if err := setSSE(t, in); err != nil {
		return err
	}
	switch {
	case before == nil && t.SSE == nil:
		return invalidParameter("Table is already encrypted by default")
	case before != nil && in.KMSMasterKeyID != nil && *in.KMSMasterKeyID == before.KeyARN:
		return invalidParameter("Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change Master Key")
	case t.SettingsAlike() && customersKey(t): // each Region has its own (hashicorp/terraform-provider-aws, issue 21726)
		return validation("Invalid operation: Customer Managed CMKs on Global Table Version 2019.11.21 replicas cannot be updated through " +
			"SSESpecification parameter and can only be updated through ReplicaUpdates parameter")
	}
	return nil
}

// customersKey reports whether a table is encrypted with a key that is not the service's.
func customersKey(t *catalog.Table) bool {
	own, err := keyARN(t.Region, defaultKey)
	return err == nil && t.SSE != nil && t.SSE.KeyARN != own
}

// defaultKey is the alias of the key the service has for a table that names none.
const defaultKey = "alias/aws/dynamodb"

// errKey passes on a refusal of KMS.
func errKey(why string) error {
	return validation("KMS validation error: com.amazonaws.services.kms.model.NotFoundException: " + why +
		" (Service: AWSKMS; Status Code: 400; Error Code: NotFoundException; Request ID: " + newUUID() + "; Proxy: null)")
}

// ofReplicaKey tells of which replica's key KMS speaks (DDB-TABLE-313).
func ofReplicaKey(err error, region string) error {
	api, ok := errors.AsType[*apiError](err)
	if !ok {
		return err
	}
	said := *api
	said.Message = strings.Replace(said.Message, "KMS validation error:", "KMS validation error for region "+region+":", 1)
	return &said
}

// kmsKeyID is the form of the id of a key, of one Region or of several.
var kmsKeyID = regexp.MustCompile(`^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

func isKMSKeyID(id string) bool { return kmsKeyID.MatchString(strings.ToLower(id)) }

// keyARN gives the ARN of a KMS key that is named by id, alias or ARN. There is no KMS here: any key is taken to be there, and an alias stands for
// a key made up from its name.
func keyARN(region, id string) (string, error) {
	if strings.HasPrefix(id, "arn:") {
		p := strings.SplitN(id, ":", 6)
		if len(p) < 6 || p[3] != region {
			where := strings.Join(p[min(3, len(p)):min(4, len(p))], "")
			return "", errKey("Invalid arn " + where)
		}
		if !strings.HasPrefix(p[5], "alias/") {
			return id, nil
		}
		id = p[5]
	}
	if !strings.HasPrefix(id, "alias/") && !isKMSKeyID(id) {
		return "", errKey("Invalid keyId '" + id + "'")
	}
	if strings.HasPrefix(id, "alias/") {
		sum := sha256.Sum256([]byte(region + " " + id))
		id = uuidOf([16]byte(sum[:16]))
	}
	return "arn:aws:kms:" + region + ":" + catalog.Account + ":key/" + id, nil
}
