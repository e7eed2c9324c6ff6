package instance

import (
	"slices"
	"strings"
)

// condition is one comparison of an encoded query.
type condition struct {
	path, operator, operand string
}

// condition reads a part: a field in lower case, an operator, an operand.
func (i *Instance) condition(table, part string) (condition, bool) {
	end := strings.IndexFunc(part, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '.'
	})
	if end < 0 || !i.known(table, part[:end]) {
		return condition{}, false
	}
	// Longer operators come first: ">=" begins like ">".
	for _, operator := range []string{
		"!=", ">=", "<=", "=", ">", "<", "NOT IN", "NOT LIKE", "IN", "LIKE", "STARTSWITH", "ENDSWITH", "ISEMPTY", "ISNOTEMPTY",
	} {
		if operand, ok := strings.CutPrefix(part[end:], operator); ok {
			return condition{part[:end], operator, operand}, true
		}
	}
	return condition{}, false
}

// holds compares without regard to case, as the databases of an instance do.
func (c condition) holds(value string) bool {
	value, operand := strings.ToLower(value), strings.ToLower(c.operand)
	switch c.operator {
	case "=":
		return value == operand
	case "!=":
		return value != operand
	case ">":
		return compare(value, operand) > 0
	case ">=":
		return compare(value, operand) >= 0
	case "<":
		return compare(value, operand) < 0
	case "<=":
		return compare(value, operand) <= 0
	case "IN":
		return slices.Contains(strings.Split(operand, ","), value)
	case "NOT IN":
		return !slices.Contains(strings.Split(operand, ","), value)
	case "LIKE":
		return strings.Contains(value, operand)
	case "NOT LIKE":
		return !strings.Contains(value, operand)
	case "STARTSWITH":
		return strings.HasPrefix(value, operand)
	case "ENDSWITH":
		return strings.HasSuffix(value, operand)
	case "ISEMPTY":
		return value == ""
	default: // ISNOTEMPTY
		return value != ""
	}
}
