package op

import (
	"context"
	"errors"
)

// ErrStop is returned by an emit function that wants no more rows; the stream then ends without an error.
var ErrStop = errors.New("op: enough rows")

// ErrLastPage is returned by an emit function that wants the rest of this page and no further one: what the stream then gives
// ends where the service's own key goes on.
var ErrLastPage = errors.New("op: enough pages")

// Streaming is an operation whose answer is a sequence of rows over as many calls as it takes.
type Streaming interface {
	Operation
	// Stream passes the gate once, then emits each row of each page as it comes, holding no more than a page. The
	// result is what remains without its rows: counts and capacity summed, and the key to go on from where the
	// sequence was cut short. It is there with an error too, as far as things went.
	Stream(ctx context.Context, env *Env, in any, emit func(row any) error) (any, error)
}

// Pages says how one page follows another. ListPages makes them for listings; Rows, Next and Sum are needed.
type Pages[In, Out, Row any] struct {
	// Rows are the page's rows.
	Rows func(*Out) []Row
	// Next makes the input of the page after out, false after the last. It changes a copy of the caller's input.
	Next func(in *In, out *Out) bool
	// Sum adds a page to the totals, without its rows; total is the zero Out before the first page.
	Sum func(total, page *Out)
	// Cut, when set, corrects the totals where the caller took only the first taken rows of page: the key to go on from.
	Cut func(total, page *Out, in *In, taken int)
}

// Stream is an operation that can be followed page by page. Invoke is one page.
type Stream[In, Out, Row any] struct {
	*Op[In, Out]
	pages Pages[In, Out, Row]
}

// NewStream ties a spec to a function that fetches one page.
func NewStream[In, Out, Row any](
	spec Spec, run func(context.Context, *Env, *In) (*Out, error), pages Pages[In, Out, Row], opts ...Option[In],
) *Stream[In, Out, Row] {
	return &Stream[In, Out, Row]{New(spec, run, opts...), pages}
}

// Stream follows all pages; see Streaming. Rows are emitted as Row values.
func (s *Stream[In, Out, Row]) Stream(ctx context.Context, env *Env, in any, emit func(row any) error) (any, error) {
	typed, err := s.typed(in)
	if err != nil {
		return nil, err
	}
	out, err := s.Each(ctx, env, typed, func(row Row) error { return emit(row) })
	if out == nil {
		return nil, err // a nil *Out in an interface would not compare equal to nil
	}
	return out, err
}

// Each is Stream with types. It returns what Stream does: ErrStop and ErrLastPage from emit are no errors of it.
func (s *Stream[In, Out, Row]) Each(ctx context.Context, env *Env, in *In, emit func(Row) error) (*Out, error) {
	tables, err := s.admit(ctx, env, in)
	if err != nil {
		return nil, asError(err)
	}
	total := new(Out)
	for page := *in; ; {
		out, err := s.run(ctx, env, &page)
		if err != nil {
			return total, s.explain(ctx, env, in, tables, err)
		}
		s.pages.Sum(total, out)
		last := false
		for i, row := range s.pages.Rows(out) {
			err := emit(row)
			if last = last || errors.Is(err, ErrLastPage); err == nil || errors.Is(err, ErrLastPage) {
				continue
			}
			taken := i
			if errors.Is(err, ErrStop) {
				taken, err = i+1, nil // the row was taken, and is the last
			}
			if s.pages.Cut != nil {
				s.pages.Cut(total, out, &page, taken)
			}
			return total, err
		}
		if last || !s.pages.Next(&page, out) {
			return total, nil
		}
	}
}
