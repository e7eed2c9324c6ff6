package catalog

import (
	"slices"
	"text/template"
	"text/template/parse"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// inspect parses a message's words and lists the parameters that they use.
func (t *tongue) inspect(m *i18n.Message) (message, error) {
	about := message{names: map[string]bool{}, plural: m.One != ""}
	if about.plural {
		about.names[count] = true
	}
	for _, words := range []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other} {
		parsed, err := template.New("").Funcs(t.functions()).Parse(words)
		if err != nil {
			return about, err
		}
		if parsed.Tree != nil {
			about.use(parsed.Root, true)
		}
	}
	return about, nil
}

// use notes the parameters below a node. What only a condition asks for may be missing.
func (m message) use(n parse.Node, needed bool) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, inner := range n.Nodes {
				m.use(inner, needed)
			}
		}
	case *parse.ActionNode:
		m.use(n.Pipe, needed)
	case *parse.IfNode:
		m.branch(&n.BranchNode, needed)
	case *parse.WithNode:
		m.branch(&n.BranchNode, needed)
	case *parse.PipeNode:
		if n != nil {
			for _, c := range n.Cmds {
				for _, arg := range c.Args {
					m.use(arg, needed)
				}
			}
		}
	case *parse.FieldNode:
		name := n.Ident[0]
		m.names[name] = m.names[name] || needed
	}
}

// branch goes through both ways of a condition; what is asked for in the condition is there in the way that it opens.
func (m message) branch(b *parse.BranchNode, needed bool) {
	m.use(b.Pipe, false)
	inner := message{names: map[string]bool{}}
	inner.use(b.List, needed)
	for name, wanted := range inner.names {
		if _, asked := m.names[name]; !asked {
			m.names[name] = wanted
		}
	}
	m.use(b.ElseList, needed)
}

// Needs returns the parameters that the English words of a key cannot do without, and whether there are any words.
func (c *Catalogue) Needs(key string) (names []string, known bool) {
	m, known := c.tongues[0].messages[key]
	for name, needed := range m.names {
		if needed {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, known
}

// Missing returns the keys, sorted, of what English says and the words of another language do not.
func (c *Catalogue) Missing(tag language.Tag) (keys []string) {
	others := c.tongue(tag).messages
	for key := range c.tongues[0].messages {
		if _, said := others[key]; !said {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
