package op

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// AllowedPage fetches a page of a listing and leaves in it the rows of allowed tables. Neither do the rows name another table
// nor does the key to go on from: where the service's would, the page ends behind its last allowed row, and pages without
// any are passed over. fetch gives the page after start and the key of its last row, "" on the last page; table and key are those of
// a row.
func AllowedPage[Row any](env *Env, start string, fetch func(start string) ([]Row, string, error), table, key func(Row) string) ([]Row, string, error) {
	for {
		rows, last, err := fetch(start)
		if err != nil {
			return nil, "", err
		}
		rows = slices.DeleteFunc(rows, func(r Row) bool { return !env.Allowed(table(r)) })
		switch {
		case last == "" || env.Allowed(last):
			return rows, last, nil
		case len(rows) > 0:
			return rows, key(rows[len(rows)-1]), nil
		}
		start = last
	}
}

// ListPages are the pages of a listing whose answer says in one text where the next page begins: a token, or the last name or ARN
// of the page. It is "" or absent on the last page. start and next say where the input and the answer have it.
func ListPages[In, Out, Row any](rows func(*Out) []Row, start func(*In) *string, next func(*Out) **string) Pages[In, Out, Row] {
	return Pages[In, Out, Row]{
		Rows: rows,
		Next: func(in *In, out *Out) bool {
			at := start(in)
			*at = aws.ToString(*next(out))
			return *at != ""
		},
		Sum: func(total, page *Out) { *next(total) = *next(page) },
	}
}
