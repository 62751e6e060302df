"""PynamoDB, a popular mapper for Python, against the embedded engine: what its README shows, then what it offers beyond.

The endpoint comes from AWS_ENDPOINT_URL_DYNAMODB; `clients/run` sets it. The models are those of the README.
"""

import datetime
import importlib.metadata
import sys
import time
import traceback

from pynamodb.attributes import (BooleanAttribute, JSONAttribute, ListAttribute, MapAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute,
                                 UnicodeSetAttribute, UTCDateTimeAttribute, VersionAttribute)
from pynamodb.connection import Connection
from pynamodb.constants import STREAM_NEW_AND_OLD_IMAGE
from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection, LocalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite


def expect(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, want {want!r}")


class UserModel(Model):
    class Meta:
        table_name = "dynamodb-user"

    email = UnicodeAttribute(null=True)
    first_name = UnicodeAttribute(range_key=True)
    last_name = UnicodeAttribute(hash_key=True)


class ViewIndex(GlobalSecondaryIndex):
    class Meta:
        read_capacity_units = 2
        write_capacity_units = 1
        projection = AllProjection()

    view = NumberAttribute(default=0, hash_key=True)


class RepliesIndex(LocalSecondaryIndex):
    class Meta:
        projection = KeysOnlyProjection()

    forum = UnicodeAttribute(hash_key=True)
    replies = NumberAttribute(range_key=True)


class TestModel(Model):
    class Meta:
        table_name = "TestModel"
        read_capacity_units = 1
        write_capacity_units = 1

    forum = UnicodeAttribute(hash_key=True)
    thread = UnicodeAttribute(range_key=True)
    view = NumberAttribute(default=0)
    replies = NumberAttribute(default=0)
    view_index = ViewIndex()
    replies_index = RepliesIndex()


class Address(MapAttribute):
    city = UnicodeAttribute()
    number = NumberAttribute(null=True)


class Everything(Model):
    class Meta:
        table_name = "Everything"
        billing_mode = "PAY_PER_REQUEST"
        stream_view_type = STREAM_NEW_AND_OLD_IMAGE

    key = UnicodeAttribute(hash_key=True)
    flag = BooleanAttribute(null=True)
    tags = UnicodeSetAttribute(null=True)
    when = UTCDateTimeAttribute(null=True)
    data = JSONAttribute(null=True)
    homes = ListAttribute(of=Address, default=list)
    expires = TTLAttribute(null=True)
    version = VersionAttribute()


def check_readme_basics():
    expect(UserModel.exists(), False)
    UserModel.create_table(read_capacity_units=1, write_capacity_units=1, wait=True)
    user = UserModel("John", "Denver")  # the hash key comes first: John is the last name
    user.email = "djohn@company.org"
    user.save()
    UserModel("Denver", "John", email="djohn@company.org").save()
    expect([u.first_name for u in UserModel.query("Denver", UserModel.first_name.startswith("J"))], ["John"])
    expect([u.first_name for u in UserModel.query("Denver", filter_condition=UserModel.email == "djohn@company.org")], ["John"])
    expect(UserModel.get("John", "Denver").email, "djohn@company.org")
    try:
        UserModel.get("Nobody", "Here")
    except UserModel.DoesNotExist:
        pass
    else:
        raise AssertionError("a user that does not exist was found")
    expect(UserModel.count(), 2)
    UserModel.delete_table()
    expect(UserModel.exists(), False)


def check_readme_indexes():
    TestModel.create_table(wait=True)
    for i in range(30):
        TestModel(f"forum {i % 2}", f"thread {i:02}", view=i % 3, replies=100 - i).save()
    expect(len([item for item in TestModel.view_index.query(0)]), 10, "items with 0 views")
    threads = [item.thread for item in TestModel.replies_index.query("forum 0", TestModel.replies > 90)]
    expect(threads, ["thread 08", "thread 06", "thread 04", "thread 02", "thread 00"])
    found = TestModel.query("forum 1", limit=4, page_size=3)
    expect(len(list(found)), 4)
    rest = TestModel.query("forum 1", last_evaluated_key=found.last_evaluated_key)
    expect(len(list(rest)), 11)
    described = TestModel.describe_table()
    expect(described["ProvisionedThroughput"]["ReadCapacityUnits"], 1)
    expect([i["IndexName"] for i in described["GlobalSecondaryIndexes"]], ["view_index"])


def check_every_attribute():
    Everything.create_table(wait=True)  # which turns time to live on, too
    expect(Everything._get_connection().connection.client.describe_time_to_live(TableName="Everything")["TimeToLiveDescription"],
           {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"})
    when = datetime.datetime(2026, 2, 3, 4, 5, 6, 789000, tzinfo=datetime.timezone.utc)
    item = Everything("a", flag=True, tags={"x", "y"}, when=when, data={"n": [1, None, "ž"]}, homes=[Address(city="Brno", number=7), Address(city="Lyon")],
                      expires=datetime.timedelta(hours=1))
    item.save()
    got = Everything.get("a", consistent_read=True)
    expect((got.flag, got.tags, got.when, got.data, got.homes[0].city, got.homes[1].number, got.version),
           (True, {"x", "y"}, when, {"n": [1, None, "ž"]}, "Brno", None, 1))
    got.update(actions=[Everything.tags.add({"z"}), Everything.homes[0].number.set(8), Everything.flag.remove()])
    got.refresh()
    expect((got.tags, got.homes[0].number, got.flag, got.version), ({"x", "y", "z"}, 8, None, 2))
    try:
        item.save()  # of version 1, which is no more
    except PutError as error:
        expect(error.cause_response_code, "ConditionalCheckFailedException")
    else:
        raise AssertionError("an old version was saved")
    try:
        got.update(actions=[Everything.flag.set(True)], condition=Everything.tags.contains("nothing") | (Everything.homes[0].city == "Oslo"))
    except UpdateError as error:
        expect(error.cause_response_code, "ConditionalCheckFailedException")
    else:
        raise AssertionError("a condition that does not hold was met")


def check_batches_and_scans():
    with Everything.batch_write() as batch:
        for i in range(60):
            batch.save(Everything(f"b{i:02}", data={"i": i}))
    found = list(Everything.batch_get([f"b{i:02}" for i in range(0, 60, 2)]))
    expect(sorted(i.data["i"] for i in found), list(range(0, 60, 2)))
    expect(len(list(Everything.scan(Everything.key.startswith("b"), page_size=7))), 60)
    seen = [i.key for segment in range(3) for i in Everything.scan(segment=segment, total_segments=3)]
    expect(len(seen), len(set(seen)), "a parallel scan gives each item once")
    expect(len(seen), 61)
    with Everything.batch_write() as batch:
        for item in Everything.scan(Everything.key.startswith("b")):
            batch.delete(item)
    expect(Everything.count(), 1)


def check_transactions():
    connection = Connection()
    with TransactWrite(connection=connection, client_request_token="pynamodb once") as t:
        t.save(Everything("t1", data=1))
        t.save(Everything("t2", data=2), condition=Everything.key.does_not_exist())
    with TransactGet(connection=connection) as t:
        one, two = t.get(Everything, "t1"), t.get(Everything, "t2")
    expect((one.get().data, two.get().data), (1, 2))
    try:
        with TransactWrite(connection=connection) as t:
            t.condition_check(Everything, "t1", condition=Everything.key.does_not_exist())
            t.save(Everything("t3"))
    except TransactWriteError as error:
        expect([r and r.code for r in error.cancellation_reasons], ["ConditionalCheckFailed", None])
    else:
        raise AssertionError("a transaction with a failed check was carried out")
    try:
        Everything.get("t3")
    except Everything.DoesNotExist:
        return
    raise AssertionError("half of a transaction was carried out")


def main():
    failed = 0
    for name, check in list(globals().items()):
        if not name.startswith("check_"):
            continue
        start = time.monotonic()
        try:
            check()
            print(f"ok    {name[6:]} ({time.monotonic() - start:.2f} s)")
        except Exception:
            failed += 1
            print(f"FAIL  {name[6:]}")
            traceback.print_exc()
    print(f"PynamoDB {importlib.metadata.version('pynamodb')}: {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
