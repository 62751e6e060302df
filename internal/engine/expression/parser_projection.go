package expression

// ParseProjection parses the text of a projection expression; see ParseCondition.
func ParseProjection(text string) (ProjectionNode, error) {
	n, err := parseProjection(text)
	if err != nil {
		return nil, err
	}
	return n, nil
}

func parseProjection(text string) (ProjectionNode, *Error) {
	p, err := newParser(text)
	if err != nil {
		return nil, err
	}
	var node ProjectionNode
	for {
		path, ok := p.path()
		if !ok {
			break
		}
		node = append(node, path)
		if p.peek() != comma {
			break
		}
		p.i++
	}
	if err := p.finish(); err != nil {
		return nil, err
	}
	return node, nil
}
