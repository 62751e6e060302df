package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// scaleWork is how many calls of one item each table gets, the small and the large: enough that what the writes leave to be
// done in the background is done while it is measured.
const scaleWork = 20_000

// objectItems is how many items one object of an import has.
const objectItems = 50_000

// measureScale imports a small and a large table, in memory and on disk, makes the same calls on both and shows how much more
// a call costs on the large one; then it shows calls a second as clients are added.
func measureScale(ctx context.Context, o options, dir string) error {
	for _, size := range []int{o.items, o.large} {
		if err := writeObjects(filepath.Join(dir, "s3", bucketOf(size)), size); err != nil {
			return err
		}
	}
	for _, kind := range []string{"memory", "disk"} {
		var both [2][]result
		for i, size := range []int{o.items, o.large} {
			var err error
			if both[i], err = scaleTable(ctx, o, dir, kind, size); err != nil {
				return fmt.Errorf("%s, %d items: %w", kind, size, err)
			}
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(w, "%s, server CPU, µs a call\t%d items\t%d items\tratio\tgoal\t\n", kind, o.items, o.large)
		for i, small := range both[0] {
			large := both[1][i]
			fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%.2f\t≤ 1.5\t\n", small.name, small.cpu, large.cpu, large.cpu/max(small.cpu, 1))
		}
		_ = w.Flush() // into standard output, where the next line fails as well
		fmt.Println()
	}
	return nil
}

func bucketOf(items int) string { return fmt.Sprintf("items-%d", items) }

// writeObjects writes items as objects of DynamoDB JSON, one on a line.
func writeObjects(dir string, items int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for first := 0; first < items; first += objectItems {
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("part-%08d.json", first)))
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(f, 1<<20)
		for i := first; i < min(first+objectItems, items); i++ {
			if _, err := fmt.Fprintf(w, "{\"Item\":%s}\n", itemJSON(i)); err != nil {
				return errors.Join(err, f.Close())
			}
		}
		if err := errors.Join(w.Flush(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// scaleTable starts a server, imports a table into it and makes the calls.
func scaleTable(ctx context.Context, o options, dir, kind string, items int) ([]result, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("scale-%s-%d", kind, items)
	args := []string{"local", "start", "--port", port, "--s3-root", filepath.Join(dir, "s3")}
	if kind == "memory" {
		args = append(args, "--in-memory")
	} else {
		store := filepath.Join(dir, name)
		defer func() { _ = os.RemoveAll(store) }()
		args = append(args, "--data", store)
	}
	s, err := start(ctx, address, quiet(filepath.Join(dir, "home-"+name)), o.binary, args...)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	w := workload{client: newClient(s.url, o.clients), items: items, clients: o.clients, check: true, cpu: s.cpu, work: scaleWork}
	before, began := s.cpu(), time.Now()
	if err := w.load(ctx, bucketOf(items)); err != nil {
		return nil, err
	}
	took, used := time.Since(began), s.cpu()-before
	resident, anonymous, err := memory(s.pid)
	if err != nil {
		resident, anonymous = 0, 0 // no /proc: the table shows times alone
	}
	fmt.Printf("%s: ImportTable of %d items of 1 KB: %.1f s, %.1f s of server CPU, %.1f µs an item; resident (anonymous) %.0f (%.0f) MiB; goal for 1,000,000 ≤ 60 s\n",
		kind, items, took.Seconds(), used, used*1e6/float64(items), resident, anonymous)
	results, err := w.all(ctx, w.scanPages)
	if err != nil {
		return nil, err
	}
	return results, w.more(ctx, kind)
}

// load imports the table from a bucket and waits until it is there.
func (w *workload) load(ctx context.Context, bucket string) error {
	in := createTable()
	out, err := w.client.ImportTable(ctx, &dynamodb.ImportTableInput{
		InputFormat: types.InputFormatDynamodbJson, S3BucketSource: &types.S3BucketSource{S3Bucket: aws.String(bucket)},
		TableCreationParameters: &types.TableCreationParameters{
			TableName: in.TableName, AttributeDefinitions: in.AttributeDefinitions, KeySchema: in.KeySchema, BillingMode: in.BillingMode,
		},
	})
	if err != nil {
		return err
	}
	d := out.ImportTableDescription
	for d.ImportStatus == types.ImportStatusInProgress {
		time.Sleep(100 * time.Millisecond)
		now, err := w.client.DescribeImport(ctx, &dynamodb.DescribeImportInput{ImportArn: d.ImportArn})
		if err != nil {
			return err
		}
		d = now.ImportTableDescription
	}
	if d.ImportStatus != types.ImportStatusCompleted || d.ImportedItemCount != int64(w.items) {
		return fmt.Errorf("the import is %s with %d items of %d: %s", d.ImportStatus, d.ImportedItemCount, w.items, aws.ToString(d.FailureMessage))
	}
	return nil
}

// more makes the same calls with more and more clients, each on keys of its own. The server shares its processors with the clients, so
// that what it uses for a call tells more of whether they get into each other's way than how many calls there were.
func (w *workload) more(ctx context.Context, kind string) error {
	for _, clients := range []int{1, 2, 4, 8} {
		w.clients = clients
		fmt.Printf("%s, %d items, %d clients:", kind, w.items, clients)
		for _, op := range w.operations()[:2] {
			op.calls = scaleWork / 4
			began := time.Now()
			r, err := w.run(ctx, op)
			if err != nil {
				return err
			}
			fmt.Printf("  %s %.0f a second, %.0f µs of CPU each", op.name, float64(op.calls)/time.Since(began).Seconds(), r.cpu)
		}
		fmt.Println()
	}
	return nil
}
