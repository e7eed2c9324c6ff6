package evidence

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// What is swept of an attachment.
const (
	SweepContent = "content" // everything, at once
	SweepRest    = "rest"    // what calls have left that were on their way when it was stored or deleted
)

// SweepWanted says when blobs of an attachment are to go.
func SweepWanted(a *Attachment) []intent.Want {
	var wants []intent.Want
	if a.State == Deleted && !a.Swept {
		wants = append(wants, intent.Want{Subject: SweepContent, At: a.DeletedAt})
	}
	if a.State != Uploading && !a.Tidied {
		wants = append(wants, intent.Want{Subject: SweepRest, At: a.settled().Add(tidyIn)})
	}
	return wants
}

// LookWanted says when it is looked whether the transfer of an attachment is over that nobody has named as evidence.
func LookWanted(a *Attachment) []intent.Want {
	if a.State != Stored || a.Used || !a.OverAt.IsZero() {
		return nil
	}
	return intent.At(latest(a.StoredAt, a.OpenAt).Add(usedIn))
}

// TransferSeen notes when its transfer ended; zero: it is under way.
func (a *Attachment) TransferSeen(ended, now time.Time) {
	if a.OverAt = ended; ended.IsZero() {
		a.OpenAt = now
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// settled is when it came to where it is.
func (a *Attachment) settled() time.Time {
	if a.State == Deleted {
		return a.DeletedAt
	}
	return a.StoredAt
}

// Keeps reports whether the blob with a key is to stay.
func (a *Attachment) Keeps(key string) bool { return a.State == Stored && key == a.ContentKey() }

// Sweep notes what was swept of an attachment that was in a state when the sweep began. One that has been deleted since is swept
// again: what was to be kept then is to go now.
func (a *Attachment) Sweep(subject string, saw State) []fact.Fact {
	if saw != a.State {
		return nil
	}
	a.Swept = a.State == Deleted
	if subject == SweepRest {
		a.Tidied, a.Parts = true, nil
	}
	return nil
}

// ends is when it is deleted unless something happens before, and why; zero: never.
func (a *Attachment) ends() (time.Time, Deletion) {
	switch {
	case a.State == Uploading:
		return a.CreatedAt.Add(uploadIn), Abandoned
	case a.State == Stored && !a.Used && a.OverAt.IsZero():
		return time.Time{}, "" // whoever attached it may wait for its step to open
	case a.State == Stored && !a.Used:
		return latest(a.StoredAt, a.OverAt).Add(usedIn), Unused
	case a.State == Stored && a.Policy.Keep > 0:
		return a.StoredAt.Add(a.Policy.Keep), Outdated
	}
	return time.Time{}, ""
}

// Next returns when the attachment itself has something to say; zero for never.
func (a *Attachment) Next() time.Time {
	at, _ := a.ends()
	return at
}

// Tick deletes what has had its time.
func (a *Attachment) Tick(now time.Time) []fact.Fact {
	at, why := a.ends()
	if at.IsZero() || now.Before(at) {
		return nil
	}
	return []fact.Fact{a.delete(why, now)}
}
