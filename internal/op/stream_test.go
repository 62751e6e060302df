package op

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type pageIn struct {
	From int32 `json:"from,omitempty" flag:"from"`
}

type pageOut struct {
	Rows  []string
	Count int
	Next  int32
}

var errThird = errors.New("the third page failed")

// pages gives three rows a page, three pages; with fail the third one fails.
func pages(fail bool, calls *int) *Stream[pageIn, pageOut, string] {
	run := func(_ context.Context, _ *Env, in *pageIn) (*pageOut, error) {
		*calls++
		if fail && in.From == 6 {
			return nil, errThird
		}
		out := &pageOut{Count: 3}
		for i := range int32(3) {
			out.Rows = append(out.Rows, strconv.Itoa(int(in.From+i)))
		}
		if in.From < 6 {
			out.Next = in.From + 3
		}
		return out, nil
	}
	return NewStream(Spec{Tool: "pages", Effect: Read}, run, Pages[pageIn, pageOut, string]{
		Rows: func(out *pageOut) []string { return out.Rows },
		Next: func(in *pageIn, out *pageOut) bool { in.From = out.Next; return out.Next > 0 },
		Sum:  func(total, page *pageOut) { total.Count += page.Count; total.Next = page.Next },
		Cut: func(total, page *pageOut, in *pageIn, taken int) {
			total.Count -= page.Count - taken
			total.Next = in.From + int32(taken)
		},
	})
}

func TestStream(t *testing.T) {
	errBroken := errors.New("broken pipe")
	tests := []struct {
		name  string
		fail  bool
		stop  string // the row at which emit returns with
		with  error
		rows  int
		calls int
		total pageOut
		err   error
	}{
		{"to the end", false, "", nil, 9, 3, pageOut{Count: 9}, nil},
		{"enough in the middle", false, "4", ErrStop, 5, 2, pageOut{Count: 5, Next: 5}, nil},
		{"enough at the end of a page", false, "2", ErrStop, 3, 1, pageOut{Count: 3, Next: 3}, nil},
		{"a row that cannot be taken", false, "4", errBroken, 5, 2, pageOut{Count: 4, Next: 4}, errBroken},
		{"a page that fails", true, "", nil, 6, 3, pageOut{Count: 6, Next: 6}, errThird},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			calls, rows := 0, 0
			s := pages(tt.fail, &calls)
			in := &pageIn{}
			out, err := s.Stream(t.Context(), &Env{}, in, func(row any) error {
				rows++
				if row == tt.stop {
					return tt.with
				}
				return nil
			})
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			if rows != tt.rows || calls != tt.calls {
				t.Errorf("%d rows in %d calls, want %d in %d", rows, calls, tt.rows, tt.calls)
			}
			if diff := cmp.Diff(any(&tt.total), out); diff != "" {
				t.Errorf("totals (-want +got):\n%s", diff)
			}
			if in.From != 0 {
				t.Errorf("the caller's input was changed: from %d", in.From)
			}
		})
	}
}
