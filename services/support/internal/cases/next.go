package cases

import "time"

// ActionKind is what a case wants done in ServiceNow.
type ActionKind string

// The actions, in order of precedence, with the calls that record what came of them.
const (
	None          ActionKind = ""               // nothing is due
	FindRecord    ActionKind = "FIND_RECORD"    // by the id of the case: Recorded or RecordNotFound
	CreateRecord  ActionKind = "CREATE_RECORD"  // PrepareRecord, save, create: Recorded
	LookUpComment ActionKind = "LOOKUP_COMMENT" // count the entries with its text: CommentLookedUp
	SendComment   ActionKind = "SEND_COMMENT"   // PrepareComment, save, send: CommentSent
	Resolve       ActionKind = "RESOLVE"        // carry the wish out: Observe or ResolveRefused
	ReadRecord    ActionKind = "READ_RECORD"    // Observe
)

// Action is the next thing to do.
type Action struct {
	Kind    ActionKind
	Comment Comment // of LookUpComment and SendComment
}

// immediately is the next time of a case that has something to do now.
var immediately = time.Unix(0, 0).UTC()

// Next returns when the case wants attention: the Unix epoch for "at once", the zero time for "never by itself".
func Next(c *Case) time.Time {
	_, at := c.next()
	return at
}

// NextAction returns what is due, None when nothing is. An intent whose answer is not known comes before what follows
// it; the rest of the lease of whoever had it, or the firm back-off after its failure, is the time that ServiceNow has
// to settle.
func NextAction(c *Case, now time.Time) Action {
	a, at := c.next()
	if at.IsZero() || at.After(now) {
		return Action{}
	}
	return a
}

func (c *Case) next() (Action, time.Time) {
	switch {
	case c.State.Ended():
		return Action{}, time.Time{}
	case c.Asked:
		return Action{Kind: FindRecord}, immediately
	case c.Record == nil:
		return Action{Kind: CreateRecord}, immediately
	}
	for _, m := range c.Comments {
		switch {
		case !m.waits():
		case m.Asked:
			return Action{Kind: LookUpComment, Comment: m}, immediately
		default:
			return Action{Kind: SendComment, Comment: m}, immediately
		}
	}
	poll := c.pollAt()
	switch {
	case c.Wish == nil:
	case c.Wish.TryAt.IsZero():
		return Action{Kind: Resolve}, immediately
	case !c.Wish.TryAt.After(poll):
		return Action{Kind: Resolve}, c.Wish.TryAt
	}
	return Action{Kind: ReadRecord}, poll
}
