package attr

import "strings"

// wholePath reads a document path, and gives its first name as well.
func (sp *shorthandParser) wholePath() (first token, path string, err error) {
	first = sp.tok
	if first.kind != tokName && (first.kind != tokHolder || first.text[0] != '#') {
		return first, "", sp.expected("an attribute name", "")
	}
	if err := sp.toOperator(); err != nil {
		return first, "", err
	}
	path, err = sp.path(first)
	return first, path, err
}

// path reads the rest of a document path whose first name has been read.
func (sp *shorthandParser) path(first token) (string, error) {
	var b strings.Builder
	if first.kind == tokHolder {
		b.WriteString(first.text)
		if first.text[0] == ':' {
			return b.String(), nil
		}
	} else {
		b.WriteString(sp.holders.Name(first.text))
	}
	for {
		switch {
		case sp.tok.is("."):
			if err := sp.toOperator(); err != nil {
				return "", err
			}
			switch {
			case sp.tok.kind == tokName:
				b.WriteString("." + sp.holders.Name(sp.tok.text))
			case sp.tok.kind == tokHolder && sp.tok.text[0] == '#':
				b.WriteString("." + sp.tok.text)
			default:
				return "", sp.expected("an attribute name after the dot", "")
			}
		case sp.tok.is("["):
			if err := sp.toOperator(); err != nil {
				return "", err
			}
			if sp.tok.kind != tokNumber || !digits(sp.tok.text) {
				return "", sp.expected("a list index: 0, 1, 2, …", "")
			}
			b.WriteString("[" + sp.tok.text + "]")
			if err := sp.toOperator(); err != nil {
				return "", err
			}
			if !sp.tok.is("]") {
				return "", sp.expected(`"]"`, "")
			}
		default:
			return b.String(), nil
		}
		if err := sp.toOperator(); err != nil {
			return "", err
		}
	}
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Projection translates a list of document paths: total, address.city, lines[0].
func (p *Placeholders) Projection(text string) (string, error) {
	sp, err := p.parser(text)
	if err != nil {
		return "", err
	}
	return sp.paths()
}

func (sp *shorthandParser) paths() (string, error) {
	var parts []string
	for {
		_, path, err := sp.wholePath()
		if err != nil {
			return "", err
		}
		parts = append(parts, path)
		if sp.tok.kind == tokEnd {
			return strings.Join(parts, ", "), nil
		}
		if !sp.tok.is(",") {
			return "", sp.expected(`"," or the end`, "")
		}
		if err := sp.toOperand(); err != nil {
			return "", err
		}
	}
}
