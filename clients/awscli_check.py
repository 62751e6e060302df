"""The AWS CLI against the embedded engine: what a person types, its output as the CLI prints it, and its exit codes.

The endpoint comes from AWS_ENDPOINT_URL_DYNAMODB; `clients/run` sets it and puts `aws` on the path.
"""

import json
import os
import subprocess
import sys
import tempfile
import time


def run(*words, refused=False):
    """Runs `aws dynamodb WORDS` and gives its answer, or its error text where the service is to refuse it."""
    done = subprocess.run(["aws", "dynamodb", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    # 254 is the CLI's code for an error of the service in version 2, and 255 in version 1.
    if done.returncode not in ((254, 255) if refused else (0,)):
        raise AssertionError(f"aws dynamodb {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    if refused:
        return done.stderr
    try:
        return json.loads(done.stdout) if done.stdout.strip() else {}
    except ValueError:
        return done.stdout.strip()


def watch(*words):
    """Runs `aws cloudwatch WORDS` on the endpoint of DynamoDB and gives its answer."""
    endpoint = ["--endpoint-url", os.environ["AWS_ENDPOINT_URL_DYNAMODB"]]
    done = subprocess.run(["aws", *endpoint, "cloudwatch", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=True)
    return json.loads(done.stdout)


def expect(got, want):
    if got != want:
        raise AssertionError(f"got {got!r}, want {want!r}")


def holds(text, part):
    if part not in text:
        raise AssertionError(f"{text!r} does not hold {part!r}")


def main():
    table = ["--table-name", "Music"]
    made = run("create-table", *table, "--billing-mode", "PAY_PER_REQUEST",
               "--attribute-definitions", "AttributeName=Artist,AttributeType=S", "AttributeName=Song,AttributeType=S", "AttributeName=Year,AttributeType=N",
               "--key-schema", "AttributeName=Artist,KeyType=HASH", "AttributeName=Song,KeyType=RANGE",
               "--global-secondary-indexes", "IndexName=ByYear,KeySchema=[{AttributeName=Artist,KeyType=HASH},{AttributeName=Year,KeyType=RANGE}],Projection={ProjectionType=ALL}",
               "--tags", "Key=env,Value=dev")
    expect(made["TableDescription"]["TableArn"], "arn:aws:dynamodb:us-west-2:000000000000:table/Music")
    run("wait", "table-exists", *table)
    holds(run("create-table", *table, "--billing-mode", "PAY_PER_REQUEST", "--attribute-definitions", "AttributeName=a,AttributeType=S",
              "--key-schema", "AttributeName=a,KeyType=HASH", refused=True), "(ResourceInUseException)")
    expect(run("list-tables", "--query", "contains(TableNames, 'Music')"), True)

    # Version 1 of the CLI takes binary as it stands and gives it back as base64.
    for song, year in [("One", 1990), ("Two", 1985), ("Three", 2001)]:
        run("put-item", *table, "--item", json.dumps({"Artist": {"S": "A"}, "Song": {"S": song}, "Year": {"N": str(year)}, "Photo": {"B": "abc"}}))
    key = ["--key", '{"Artist":{"S":"A"},"Song":{"S":"One"}}']
    run("update-contributor-insights", *table, "--contributor-insights-action", "ENABLE")
    run("get-item", *table, *key, "--consistent-read")
    rule = run("describe-contributor-insights", *table)["ContributorInsightsRuleList"][0]
    hour = lambda at: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + at))
    report = watch("get-insight-rule-report", "--rule-name", rule, "--start-time", hour(-3600), "--end-time", hour(3600), "--period", "60")
    expect([(c["Keys"], c["ApproximateAggregateValue"]) for c in report["Contributors"]], [(["A"], 1.0)])
    expect(watch("describe-insight-rules")["InsightRules"][0]["Name"], rule)
    run("update-contributor-insights", *table, "--contributor-insights-action", "DISABLE")
    expect(run("get-item", *table, *key, "--projection-expression", "#y, Photo", "--expression-attribute-names", '{"#y":"Year"}')["Item"],
           {"Year": {"N": "1990"}, "Photo": {"B": "YWJj"}})
    changed = run("update-item", *table, *key, "--update-expression", "SET #y = #y + :n", "--expression-attribute-names", '{"#y":"Year"}',
                  "--expression-attribute-values", '{":n":{"N":"1"}}', "--return-values", "UPDATED_NEW")
    expect(changed["Attributes"], {"Year": {"N": "1991"}})
    holds(run("delete-item", *table, *key, "--condition-expression", "attribute_exists(nope)", refused=True), "(ConditionalCheckFailedException)")
    holds(run("get-item", *table, "--key", '{"Artist":{"S":"A"}}', refused=True), "(ValidationException)")
    holds(run("get-item", "--table-name", "NoSuchTable", *key, refused=True), "(ResourceNotFoundException)")

    found = run("query", *table, "--index-name", "ByYear", "--key-condition-expression", "Artist = :a", "--expression-attribute-values", '{":a":{"S":"A"}}',
                "--no-scan-index-forward", "--query", "Items[].Song.S", "--output", "json")
    expect(found, ["Three", "One", "Two"])
    page = run("scan", *table, "--max-items", "2", "--page-size", "1")
    expect(len(page["Items"]), 2)
    rest = run("scan", *table, "--starting-token", page["NextToken"])
    expect(len(rest["Items"]), 1)

    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"Music": [{"PutRequest": {"Item": {"Artist": {"S": "B"}, "Song": {"S": str(i)}}}} for i in range(25)]}, file)
        file.flush()
        expect(run("batch-write-item", "--request-items", "file://" + file.name)["UnprocessedItems"], {})
    expect(run("scan", *table, "--select", "COUNT")["Count"], 28)
    run("transact-write-items", "--transact-items", json.dumps([
        {"Delete": {"TableName": "Music", "Key": {"Artist": {"S": "B"}, "Song": {"S": "0"}}}},
        {"ConditionCheck": {"TableName": "Music", "Key": {"Artist": {"S": "A"}, "Song": {"S": "One"}}, "ConditionExpression": "attribute_exists(Artist)"}}]))
    expect(run("execute-statement", "--statement", "SELECT Song FROM Music WHERE Artist = 'A' AND Song = 'Two'")["Items"], [{"Song": {"S": "Two"}}])

    arn = made["TableDescription"]["TableArn"]
    expect(run("list-tags-of-resource", "--resource-arn", arn)["Tags"], [{"Key": "env", "Value": "dev"}])
    run("update-time-to-live", *table, "--time-to-live-specification", "Enabled=true,AttributeName=Expires")
    expect(run("describe-time-to-live", *table)["TimeToLiveDescription"]["AttributeName"], "Expires")
    backup = run("create-backup", *table, "--backup-name", "nightly")["BackupDetails"]["BackupArn"]
    run("restore-table-from-backup", "--target-table-name", "Music2", "--backup-arn", backup)
    run("wait", "table-exists", "--table-name", "Music2")
    expect(run("scan", "--table-name", "Music2", "--select", "COUNT")["Count"], 27)
    run("delete-backup", "--backup-arn", backup)

    for name in ["Music", "Music2"]:
        run("delete-table", "--table-name", name)
        run("wait", "table-not-exists", "--table-name", name)


if __name__ == "__main__":
    started = time.monotonic()
    try:
        main()
    except AssertionError as error:
        sys.exit(f"FAIL  {error}")
    version = subprocess.run(["aws", "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
    print(f"ok    {version}: 0 failed ({time.monotonic() - started:.1f} s)")
