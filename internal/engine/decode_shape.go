package engine

import (
	"reflect"
	"strings"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// A value of another kind than the model's is refused as the service's reader of JSON stumbles over it, in Java's names for what it looked for (validations
// of mhart/dynalite, recorded from the service).

// msgParameterized is what becomes of a scalar where a map is a member of a list, or a list one of a map.
const msgParameterized = "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class " +
	"(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of loader 'bootstrap')"

// open checks that the next value is the object or array that is expected, and goes into it.
func (d *decoder) open(want jsonscan.Kind, sh *shape) bool {
	switch kind := d.s.Kind(); kind {
	case want:
		return d.s.Open()
	case jsonscan.Object:
		return d.wrong("Start of structure or map found where not expected")
	case jsonscan.Array:
		return d.wrong("Unrecognized collection type " + sh.class())
	case jsonscan.Invalid, jsonscan.EOF:
		return d.s.Skip()
	}
	switch {
	case !d.member():
		return d.wrong("Unexpected field type")
	case sh.kind == kindStruct:
		return d.wrong("Unexpected value type in payload")
	}
	return d.wrong(msgParameterized)
}

// member reports that the value at hand is one of a list's or a map's.
func (d *decoder) member() bool {
	if len(d.path) == 0 {
		return false
	}
	last := d.path[len(d.path)-1]
	return last.pos > 0 || strings.HasSuffix(last.name, ".member")
}

// isScalar tells texts, numbers and booleans.
func isScalar(k jsonscan.Kind) bool {
	return k == jsonscan.String || k == jsonscan.Number || k == jsonscan.True || k == jsonscan.False
}

const modelPackage = "com.amazonaws.dynamodb.v20120810."

// modelNames are the API's names of types that have others here.
var modelNames = map[string]string{
	"filterCondition": "Condition", "legacyCondition": "ExpectedAttributeValue", "attributeUpdate": "AttributeValueUpdate",
	"localIndex": "LocalSecondaryIndex", "globalIndex": "GlobalSecondaryIndex", "throughput": "ProvisionedThroughput",
	"sseSpecification": "SSESpecification", "ttlSpecification": "TimeToLiveSpecification", "recoverySpecification": "PointInTimeRecoverySpecification",
	"scalingUpdate": "AutoScalingSettingsUpdate", "scalingPolicyUpdate": "AutoScalingPolicyUpdate",
	"scalingTarget": "AutoScalingTargetTrackingScalingPolicyConfigurationUpdate", "readOverride": "ProvisionedThroughputOverride",
	"onDemandReadOverride": "OnDemandThroughputOverride", "vectorAttribute": "VectorAttributeDefinition",
	"importSource": "S3BucketSource", "bulkSource": "InputS3Configuration", "bulkTarget": "OutputS3Configuration",
	"importOptions": "InputFormatOptions", "exportPeriod": "IncrementalExportSpecification",
	"exportFilter": "FilterSpecification", "kinesisPrecision": "EnableKinesisStreamingConfiguration",
	"transactCheck": "ConditionCheck", "transactPut": "Put", "transactUpdate": "Update", "transactDelete": "Delete", "transactGet": "Get",
}

// class names the Java type of a value as messages do.
func (sh *shape) class() string {
	if sh.kind == kindStruct {
		return "class " + sh.generic()
	}
	return sh.generic()
}

func (sh *shape) generic() string {
	switch sh.kind {
	case kindPointer:
		return sh.elem.generic()
	case kindMap:
		return "java.util.Map<java.lang.String, " + sh.elem.generic() + ">"
	case kindList:
		return "java.util.List<" + sh.elem.generic() + ">"
	case kindValue:
		return modelPackage + "AttributeValue"
	case kindString:
		return "java.lang.String"
	case kindStruct:
		return modelPackage + modelName(sh.typ)
	}
	return reflect.Zero(sh.typ).Kind().String()
}

// modelName is the API's name of a type, by which messages tell of its values.
func modelName(t reflect.Type) string {
	name := t.Name()
	if given, ok := modelNames[name]; ok {
		return given
	}
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):]
}
