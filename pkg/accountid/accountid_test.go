package accountid

import "testing"

func TestRead(t *testing.T) {
	const id = "111122223333"
	for _, pasted := range []string{
		id, "1111-2222-3333", " 1111 2222 3333\n", "1111–2222–3333", "1111\u00a02222\u202f3333", "\u200b" + id, `"1111-2222-3333"`,
		"1111−2222−3333",
	} {
		if got := Read(pasted); got != id {
			t.Errorf("%q is read as %q", pasted, got)
		}
	}
	for _, other := range []string{"", "1111-2222-333", "1111-2222-33334", "o-exampleorgid", "1111.2222.3333", "１１１１22223333", "one"} {
		if got := Read(other); got != other || Valid(got) {
			t.Errorf("%q is read as %q", other, got)
		}
	}
}
