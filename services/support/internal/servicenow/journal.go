package servicenow

import (
	"context"
	"slices"
	"strings"

	"example.com/handover/services/support/internal/cases"
)

// entry is what was said once. Reading a record shows none of it.
type entry struct {
	SysID     text `json:"sys_id"`
	Element   text `json:"element"`
	ElementID text `json:"element_id"`
	Value     text `json:"value"`
	CreatedOn text `json:"sys_created_on"`
	CreatedBy text `json:"sys_created_by"`
}

// Journal returns the newest comments of others than us, oldest first; at most 100.
func (c *Client) Journal(ctx context.Context, ref cases.Ref) (cases.Journal, error) {
	journal := cases.Journal{} // read, and be it that nobody said anything
	err := c.entries(ctx, ref, "sys_created_by!=", func(e entry) bool { return !c.ours(e) }, func(e entry) {
		journal = append(journal, cases.Entry{ID: string(e.SysID), Text: string(e.Value), At: e.CreatedOn.instant()})
	})
	slices.SortStableFunc(journal, func(a, b cases.Entry) int { return a.At.Compare(b.At) })
	return journal, err
}

// Said reports whether a comment of ours bears this mark. What else an instance does to a text is of no matter.
func (c *Client) Said(ctx context.Context, ref cases.Ref, mark string) (said bool, err error) {
	marked := "valueLIKE" + literal(mark)
	err = c.entries(ctx, ref, query(marked, "sys_created_by="), c.ours, func(e entry) {
		said = said || strings.Contains(string(e.Value), mark)
	})
	return said, err
}

// entries reads comments by who made them. The instance's word on that is checked, for it ignores what it does not
// understand of a question.
func (c *Client) entries(ctx context.Context, ref cases.Ref, by string, wanted func(entry) bool, take func(entry)) error {
	var found []entry
	q := query(
		"element_id="+literal(ref.SysID), "element=comments", by+literal(c.config.User), "ORDERBYDESCsys_created_on", "ORDERBYDESCsys_id",
	)
	err := c.list(ctx, "sys_journal_field", q, "sys_id,element,element_id,value,sys_created_on,sys_created_by", &found)
	if err != nil {
		return err
	}
	for _, e := range found {
		if string(e.ElementID) != ref.SysID || e.Element != "comments" {
			return ignored("sys_journal_field")
		}
		if wanted(e) {
			take(e)
		}
	}
	return nil
}

func (c *Client) ours(e entry) bool { return strings.EqualFold(string(e.CreatedBy), c.config.User) }
