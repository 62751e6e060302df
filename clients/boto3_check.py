"""boto3, the official Python SDK, against the embedded engine.

The endpoint comes from AWS_ENDPOINT_URL_DYNAMODB, as for any program; `clients/run` sets it. Each check makes its own table.
"""

import decimal
import itertools
import sys
import time
import traceback

import boto3
import botocore.config
import botocore.exceptions
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary

D = decimal.Decimal
config = botocore.config.Config(retries={"total_max_attempts": 1})
client = boto3.client("dynamodb", config=config)
resource = boto3.resource("dynamodb", config=config)
numbers = itertools.count(1)


def expect(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, want {want!r}")


def refused(code, call, **arguments):
    """The call fails with this exception, and boto3 has parsed it as such."""
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        expect(error.response["Error"]["Code"], code, error.response["Error"].get("Message", ""))
        return error.response
    raise AssertionError(f"expected {code}, but the call succeeded")


def new_table(sort=True, **more):
    name = f"boto3-{next(numbers)}"
    keys = [("pk", "HASH")] + ([("sk", "RANGE")] if sort else [])
    arguments = {
        "TableName": name,
        "KeySchema": [{"AttributeName": n, "KeyType": k} for n, k in keys],
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S" if n == "pk" else "N"} for n, _ in keys],
        "BillingMode": "PAY_PER_REQUEST",
    }
    arguments["AttributeDefinitions"] += more.pop("attributes", [])
    arguments.update(more)
    client.create_table(**arguments)
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    return name


def check_tables():
    name = new_table(Tags=[{"Key": "team", "Value": "a"}])
    described = client.describe_table(TableName=name)["Table"]
    expect(described["TableStatus"], "ACTIVE")
    expect(described["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
    expect(described["ItemCount"], 0)
    refused("ResourceInUseException", client.create_table, TableName=name, BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
    client.update_table(TableName=name, DeletionProtectionEnabled=True)
    refused("ValidationException", client.delete_table, TableName=name)
    client.update_table(TableName=name, DeletionProtectionEnabled=False)
    listed = [n for page in client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1}) for n in page["TableNames"]]
    expect(name in listed, True, "list_tables")
    expect(listed, sorted(listed), "order of list_tables")
    client.delete_table(TableName=name)
    client.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    refused("ResourceNotFoundException", client.describe_table, TableName=name)


def check_every_type():
    table = resource.Table(new_table())
    item = {
        "pk": "types", "sk": D("-12345678901234567890.123456789012345678"),
        "s": "žluťoučký 🐎", "empty": "", "n": D("1E-130"), "big": D("9.9E+30"),
        "b": Binary(b"\x00\xff\x10"), "yes": True, "no": False, "nothing": None,
        "l": ["a", D(1), [D("0.5")], {}], "m": {"x": {"y": [None]}},
        "ss": {"b", "a"}, "ns": {D(1), D("2.5")}, "bs": {Binary(b"1"), Binary(b"2")},
    }
    table.put_item(Item=item)
    expect(table.get_item(Key={"pk": "types", "sk": item["sk"]}, ConsistentRead=True)["Item"], item)


def check_items():
    table = resource.Table(new_table())
    key = {"pk": "a", "sk": 1}
    expect(table.get_item(Key=key).get("Item"), None)
    table.put_item(Item={**key, "n": 1, "tags": {"x"}}, ConditionExpression=Attr("pk").not_exists())
    refused("ConditionalCheckFailedException", table.put_item, Item=key, ConditionExpression=Attr("pk").not_exists())
    answer = refused("ConditionalCheckFailedException", table.update_item, Key=key, UpdateExpression="SET n = :n",
                     ConditionExpression=Attr("n").gt(5), ExpressionAttributeValues={":n": 9}, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    expect(answer["Item"]["n"], {"N": "1"}, "the old item with the failed condition")
    answer = table.update_item(
        Key=key, UpdateExpression="SET n = n + :one, #l = list_append(if_not_exists(#l, :none), :more) ADD tags :y REMOVE gone",
        ExpressionAttributeNames={"#l": "list"}, ExpressionAttributeValues={":one": 1, ":none": [], ":more": ["z"], ":y": {"y"}},
        ReturnValues="ALL_NEW")
    expect(answer["Attributes"], {"pk": "a", "sk": 1, "n": 2, "list": ["z"], "tags": {"x", "y"}})
    expect(table.update_item(Key=key, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": 7}, ReturnValues="UPDATED_OLD")["Attributes"], {"n": 2})
    expect(table.get_item(Key=key, ProjectionExpression="#l[0], n", ExpressionAttributeNames={"#l": "list"})["Item"], {"list": ["z"], "n": 7})
    expect(table.delete_item(Key=key, ReturnValues="ALL_OLD")["Attributes"]["n"], 7)
    expect("Attributes" in table.delete_item(Key=key, ReturnValues="ALL_OLD"), False)
    capacity = table.put_item(Item={**key, "t": "x" * 2500}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    expect(capacity["CapacityUnits"], 3.0, "capacity of 2.5 KB")


def check_refusals():
    name = new_table()
    refused("ValidationException", client.get_item, TableName=name, Key={"pk": {"S": "a"}})
    refused("ValidationException", client.get_item, TableName=name, Key={"pk": {"N": "1"}, "sk": {"N": "1"}})
    refused("ValidationException", client.put_item, TableName=name, Item={"pk": {"S": ""}, "sk": {"N": "1"}})
    refused("ValidationException", client.put_item, TableName=name, Item={"pk": {"S": "a"}, "sk": {"N": "1"}, "t": {"S": "x" * 410_000}})
    refused("ValidationException", client.put_item, TableName=name, Item={"pk": {"S": "a"}, "sk": {"N": "1"}, "ns": {"NS": ["1", "1.0"]}})
    refused("ValidationException", client.query, TableName=name, KeyConditionExpression="pk = :p and", ExpressionAttributeValues={":p": {"S": "a"}})
    refused("ValidationException", client.scan, TableName=name, FilterExpression="a = :unknown")
    refused("ValidationException", client.scan, TableName=name, IndexName="nope")
    refused("ResourceNotFoundException", client.scan, TableName="no-such-table")


def check_query():
    table = resource.Table(new_table(
        attributes=[{"AttributeName": "kind", "AttributeType": "S"}, {"AttributeName": "weight", "AttributeType": "N"}],
        GlobalSecondaryIndexes=[{"IndexName": "ByKind", "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}, {"AttributeName": "weight", "KeyType": "RANGE"}],
                                 "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]}}],
        LocalSecondaryIndexes=[{"IndexName": "ByWeight", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "weight", "KeyType": "RANGE"}],
                                "Projection": {"ProjectionType": "KEYS_ONLY"}}]))
    with table.batch_writer() as batch:
        for i in range(120):
            batch.put_item(Item={"pk": f"p{i % 3}", "sk": i - 60, "kind": "even" if i % 2 == 0 else "odd", "weight": 1000 - i, "note": f"n{i}", "text": "x" * 100})

    def sort_keys(**query):
        found, start = [], {}
        while True:
            page = table.query(**query, **start)
            found += [int(i["sk"]) for i in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return found
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    all_p0 = [i - 60 for i in range(120) if i % 3 == 0]
    expect(sort_keys(KeyConditionExpression=Key("pk").eq("p0")), all_p0, "order of numbers, negative first")
    expect(sort_keys(KeyConditionExpression=Key("pk").eq("p0"), Limit=7), all_p0, "pages of 7")
    expect(sort_keys(KeyConditionExpression=Key("pk").eq("p0"), Limit=7, ScanIndexForward=False), all_p0[::-1], "backwards")
    expect(sort_keys(KeyConditionExpression=Key("pk").eq("p0") & Key("sk").between(-9, 9)), [n for n in all_p0 if -9 <= n <= 9])
    expect(sort_keys(KeyConditionExpression=Key("pk").eq("p0") & Key("sk").gte(30), FilterExpression=Attr("kind").eq("odd")),
           [n for n in all_p0 if n >= 30 and n % 2 == 1])
    page = table.query(IndexName="ByKind", KeyConditionExpression=Key("kind").eq("odd") & Key("weight").lt(900), ReturnConsumedCapacity="INDEXES")
    expect([int(i["weight"]) for i in page["Items"]], list(range(881, 900, 2)))
    expect(sorted(page["Items"][0]), ["kind", "note", "pk", "sk", "weight"], "projected attributes")
    expect("ByKind" in page["ConsumedCapacity"]["GlobalSecondaryIndexes"], True)
    page = table.query(IndexName="ByWeight", KeyConditionExpression=Key("pk").eq("p1"), ProjectionExpression="note", Limit=1)
    expect(page["Items"], [{"note": "n118"}], "a local index reads what it lacks from the table")
    expect(table.query(KeyConditionExpression=Key("pk").eq("p1"), Select="COUNT")["Count"], 40)
    expect(table.query(KeyConditionExpression=Key("pk").eq("nobody"))["Items"], [])


def check_scan():
    name = new_table()
    table = resource.Table(name)
    with table.batch_writer() as batch:
        for i in range(300):
            batch.put_item(Item={"pk": f"p{i}", "sk": i, "text": "x" * 8000})
    pages = list(client.get_paginator("scan").paginate(TableName=name))
    expect(len(pages) > 2, True, "2.4 MB come in pages of 1 MB")
    expect({int(i["sk"]["N"]) for p in pages for i in p["Items"]}, set(range(300)))
    seen = []
    for segment in range(4):
        for page in client.get_paginator("scan").paginate(TableName=name, TotalSegments=4, Segment=segment, ProjectionExpression="sk", FilterExpression="sk >= :n",
                                                            ExpressionAttributeValues={":n": {"N": "100"}}):
            seen += [int(i["sk"]["N"]) for i in page["Items"]]
    expect(sorted(seen), list(range(100, 300)), "parallel segments")


def check_batches():
    one, two = new_table(), new_table(sort=False)
    resource.batch_write_item(RequestItems={
        one: [{"PutRequest": {"Item": {"pk": "a", "sk": i}}} for i in range(20)],
        two: [{"PutRequest": {"Item": {"pk": "b"}}}]})
    answer = resource.batch_get_item(RequestItems={
        one: {"Keys": [{"pk": "a", "sk": i} for i in range(25)], "ProjectionExpression": "sk"},
        two: {"Keys": [{"pk": "b"}, {"pk": "missing"}], "ConsistentRead": True}})
    expect({int(i["sk"]) for i in answer["Responses"][one]}, set(range(20)))
    expect(answer["Responses"][two], [{"pk": "b"}])
    expect(answer["UnprocessedKeys"], {})
    refused("ValidationException", client.batch_write_item, RequestItems={two: [{"DeleteRequest": {"Key": {"pk": {"S": "b"}}}}] * 2})
    refused("ValidationException", client.batch_write_item, RequestItems={two: [{"DeleteRequest": {"Key": {"pk": {"S": str(i)}}}} for i in range(26)]})


def check_transactions():
    name = new_table(sort=False)
    put = {"Put": {"TableName": name, "Item": {"pk": {"S": "a"}, "n": {"N": "1"}}, "ConditionExpression": "attribute_not_exists(pk)"}}
    add = {"Update": {"TableName": name, "Key": {"pk": {"S": "b"}}, "UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": {"N": "5"}}}}
    client.transact_write_items(TransactItems=[put, add], ClientRequestToken="once")
    client.transact_write_items(TransactItems=[put, add], ClientRequestToken="once")  # the same token: nothing happens again
    answer = client.transact_get_items(TransactItems=[{"Get": {"TableName": name, "Key": {"pk": {"S": k}}}} for k in "abc"])
    expect([r.get("Item", {}).get("n") for r in answer["Responses"]], [{"N": "1"}, {"N": "5"}, None])
    answer = refused("TransactionCanceledException", client.transact_write_items, TransactItems=[add, put])
    expect([r["Code"] for r in answer["CancellationReasons"]], ["None", "ConditionalCheckFailed"])
    expect(client.get_item(TableName=name, Key={"pk": {"S": "b"}})["Item"]["n"], {"N": "5"}, "nothing of a cancelled transaction stays")
    refused("IdempotentParameterMismatchException", client.transact_write_items, TransactItems=[add], ClientRequestToken="once")
    check = {"ConditionCheck": {"TableName": name, "Key": {"pk": {"S": "a"}}, "ConditionExpression": "n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}}
    client.transact_write_items(TransactItems=[check, {"Delete": {"TableName": name, "Key": {"pk": {"S": "b"}}}}])
    expect("Item" in client.get_item(TableName=name, Key={"pk": {"S": "b"}}), False)


def check_partiql():
    name = new_table()
    client.execute_statement(Statement=f"INSERT INTO \"{name}\" VALUE {{'pk': ?, 'sk': 1, 'n': 10}}", Parameters=[{"S": "a"}])
    refused("DuplicateItemException", client.execute_statement, Statement=f"INSERT INTO \"{name}\" VALUE {{'pk': 'a', 'sk': 1}}")
    client.execute_statement(Statement=f'UPDATE "{name}" SET n = n + 1 WHERE pk = ? AND sk = 1', Parameters=[{"S": "a"}])
    answer = client.execute_statement(Statement=f"SELECT n FROM \"{name}\" WHERE pk = 'a' AND sk < 5")
    expect(answer["Items"], [{"n": {"N": "11"}}])
    client.execute_statement(Statement=f"DELETE FROM \"{name}\" WHERE pk = 'a' AND sk = 1")
    expect(client.execute_statement(Statement=f'SELECT * FROM "{name}"')["Items"], [])
    refused("ValidationException", client.execute_statement, Statement="SELEKT 1")


def check_indexes():
    name = new_table()
    client.put_item(TableName=name, Item={"pk": {"S": "a"}, "sk": {"N": "1"}, "mail": {"S": "a@example.com"}})
    client.update_table(TableName=name, AttributeDefinitions=[{"AttributeName": "mail", "AttributeType": "S"}], GlobalSecondaryIndexUpdates=[{"Create": {
        "IndexName": "ByMail", "KeySchema": [{"AttributeName": "mail", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}])
    for _ in range(100):
        index = client.describe_table(TableName=name)["Table"]["GlobalSecondaryIndexes"][0]
        if index["IndexStatus"] == "ACTIVE":
            break
        time.sleep(0.1)
    expect(index["IndexStatus"], "ACTIVE")
    found = client.query(TableName=name, IndexName="ByMail", KeyConditionExpression="mail = :m", ExpressionAttributeValues={":m": {"S": "a@example.com"}})
    expect(found["Count"], 1, "what was there before the index")
    client.update_table(TableName=name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "ByMail"}}])


def check_ttl():
    name = new_table(sort=False)
    expect(client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"], "DISABLED")
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    expect(client.describe_time_to_live(TableName=name)["TimeToLiveDescription"], {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"})
    client.put_item(TableName=name, Item={"pk": {"S": "old"}, "expires": {"N": str(int(time.time()) - 60)}})
    client.put_item(TableName=name, Item={"pk": {"S": "new"}, "expires": {"N": str(int(time.time()) + 3600)}})
    for _ in range(200):
        if "Item" not in client.get_item(TableName=name, Key={"pk": {"S": "old"}}):
            break
        time.sleep(0.1)
    expect([i["pk"]["S"] for i in client.scan(TableName=name)["Items"]], ["new"], "TTL deletes within 20 s")


def check_tags_and_policies():
    arn = client.describe_table(TableName=new_table())["Table"]["TableArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "env", "Value": "dev"}, {"Key": "team", "Value": "a"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["team"])
    expect(client.list_tags_of_resource(ResourceArn=arn)["Tags"], [{"Key": "env", "Value": "dev"}])
    policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"dynamodb:GetItem","Resource":"%s"}]}' % arn
    revision = client.put_resource_policy(ResourceArn=arn, Policy=policy)["RevisionId"]
    expect(client.get_resource_policy(ResourceArn=arn)["RevisionId"], revision)
    client.delete_resource_policy(ResourceArn=arn)
    refused("PolicyNotFoundException", client.get_resource_policy, ResourceArn=arn)


def check_backups():
    name = new_table(sort=False)
    table = resource.Table(name)
    for i in range(30):
        table.put_item(Item={"pk": f"p{i}", "n": i})
    backup = client.create_backup(TableName=name, BackupName="before")["BackupDetails"]
    table.delete_item(Key={"pk": "p0"})
    expect(client.describe_backup(BackupArn=backup["BackupArn"])["BackupDescription"]["BackupDetails"]["BackupStatus"], "AVAILABLE")
    expect([b["BackupName"] for b in client.list_backups(TableName=name)["BackupSummaries"]], ["before"])
    restored = name + "-restored"
    client.restore_table_from_backup(TargetTableName=restored, BackupArn=backup["BackupArn"])
    client.get_waiter("table_exists").wait(TableName=restored, WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    expect(resource.Table(restored).scan(Select="COUNT")["Count"], 30, "the data of the backup")
    client.delete_backup(BackupArn=backup["BackupArn"])
    refused("BackupNotFoundException", client.describe_backup, BackupArn=backup["BackupArn"])
    client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    status = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    expect(status["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"], "ENABLED")


def check_account():
    limits = client.describe_limits()
    expect(limits["AccountMaxReadCapacityUnits"] > 0, True)
    expect(len(client.describe_endpoints()["Endpoints"]), 1)


def main():
    failed = 0
    for name, check in list(globals().items()):
        if not name.startswith("check_"):
            continue
        started = time.monotonic()
        try:
            check()
            print(f"ok    {name[6:]} ({time.monotonic() - started:.2f} s)")
        except Exception:
            failed += 1
            print(f"FAIL  {name[6:]}")
            traceback.print_exc(limit=-3, file=sys.stdout)
    print(f"boto3 {boto3.__version__}: {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
