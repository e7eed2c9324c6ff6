package text_test

import (
	"encoding/json"
	"testing"

	"example.com/handover/pkg/text"
)

func TestATextIsAValue(t *testing.T) {
	base := text.New("case.opened", "title", "No mail")
	more := base.With("priority", "P1", "title", "No mail came")
	if !base.Equal(text.New("case.opened", "title", "No mail")) || base.Equal(more) {
		t.Errorf("With changed the text that it was called on: %v", base)
	}
	kept, err := json.Marshal(more)
	var read text.Text
	if err != nil || json.Unmarshal(kept, &read) != nil || !read.Equal(more) {
		t.Errorf("a document keeps %s, %v", kept, err)
	}
	if !(text.Text{}).IsZero() || base.IsZero() {
		t.Error("only the zero text says nothing")
	}
}

func TestWordsThatATextCarries(t *testing.T) {
	for name, c := range map[string]struct {
		text                   text.Text
		what, where, sentences string
	}{
		"said by another": {text.Said("Accept it.", "AWS console"), "Accept it.", "AWS console", "Accept it."},
		"by key":          {text.New("step.accept"), "step.accept.what", "step.accept.where", "step.accept"},
		"nothing":         {text.Text{}, "", "", ""},
	} {
		what, where := text.Bare{}.Instruct(c.text)
		if what != c.what || where != c.where || (text.Bare{}).Say(c.text) != c.sentences {
			t.Errorf("%s: %q, %q, %q", name, what, where, text.Bare{}.Say(c.text))
		}
	}
}
