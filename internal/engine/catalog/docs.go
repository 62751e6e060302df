package catalog

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Docs keeps documents of one kind, such as backups, by namespace, region and id. They are read from the store each
// time, for they are few and seldom asked for; ids that begin with a time list in its order.
type Docs[T any] struct{ Kind string }

func (d Docs[T]) prefix(r Ref) string {
	return "doc/" + d.Kind + "/" + r.Namespace + "\x00" + r.Region + "\x00"
}

// key is the place of the document r.Name in the namespace and region of r.
func (d Docs[T]) key(r Ref) []byte { return storage.MetaKey(d.prefix(r) + r.Name) }

// Get reads the document named by r, whose Name is the id; nil when there is none.
func (d Docs[T]) Get(s storage.Reader, r Ref) (*T, error) {
	raw, ok, err := s.Get(d.key(r), nil)
	if err != nil || !ok {
		return nil, err
	}
	return d.decode(raw)
}

// Put writes a document in b, which makes it or takes the place of the one r names.
func (d Docs[T]) Put(b *storage.Batch, r Ref, v *T) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	b.Set(d.key(r), raw)
	return nil
}

// Delete removes a document in b; one that is not there is no error.
func (d Docs[T]) Delete(b *storage.Batch, r Ref) { b.Delete(d.key(r)) }

// List reads all documents of a namespace and region in the order of their ids.
func (d Docs[T]) List(s storage.Reader, r Ref) ([]*T, error) { return d.scan(s, d.prefix(r)) }

// All reads the documents of every namespace and region.
func (d Docs[T]) All(s storage.Reader) ([]*T, error) { return d.scan(s, "doc/"+d.Kind+"/") }

func (d Docs[T]) scan(s storage.Reader, prefix string) ([]*T, error) {
	it, err := s.Iter(storage.MetaSpan(prefix))
	if err != nil {
		return nil, err
	}
	var list []*T
	for ok := it.First(); ok; ok = it.Next() {
		raw, err := it.Value()
		if err != nil {
			return nil, errors.Join(err, it.Close())
		}
		v, err := d.decode(raw)
		if err != nil {
			return nil, errors.Join(err, it.Close())
		}
		list = append(list, v)
	}
	return list, it.Close()
}

func (d Docs[T]) decode(raw []byte) (*T, error) {
	v := new(T)
	if err := json.Unmarshal(raw, v); err != nil {
		return nil, fmt.Errorf("%w: a document of kind %s: %w", storage.ErrDamaged, d.Kind, err)
	}
	return v, nil
}
