package expression

import (
	"strings"
	"sync"
)

// cacheSize is how many parsed texts of each kind are kept. Programs use few distinct texts, values being apart from them; a program that writes values
// into its texts fills the cache, which is then emptied, at the price of parsing.
const cacheSize = 512

// cache keeps parsed texts. Nodes are never changed, so they may be shared.
type cache[N any] struct {
	mu    sync.RWMutex
	nodes map[string]N
}

var (
	conditions  cache[Cond]
	projections cache[ProjectionNode]
	updates     cache[*UpdateNode]
)

// get returns the parsed text, parsing it if it is new. Texts that do not parse are not kept.
func (c *cache[N]) get(text string, parse func(string) (N, *Error)) (N, *Error) {
	c.mu.RLock()
	node, ok := c.nodes[text]
	c.mu.RUnlock()
	if ok {
		return node, nil
	}
	text = strings.Clone(text) // the caller's may be part of a whole request
	node, err := parse(text)
	if err != nil {
		return node, err
	}
	c.mu.Lock()
	if c.nodes == nil || len(c.nodes) >= cacheSize {
		c.nodes = make(map[string]N)
	}
	c.nodes[text] = node
	c.mu.Unlock()
	return node, nil
}
