package aws_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"example.com/handover/pkg/aws"
)

type page struct {
	items []int
	next  string
	err   error
}

func TestPages(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name   string
		pages  []page
		limit  int // stop after so many items; 0: never
		want   []int
		tokens []string
		failed bool
	}{
		{"one page", []page{{items: []int{1, 2}}}, 0, []int{1, 2}, []string{""}, false},
		{
			"three pages, one empty",
			[]page{{items: []int{1}, next: "a"}, {next: "b"}, {items: []int{2}}},
			0,
			[]int{1, 2},
			[]string{"", "a", "b"},
			false,
		},
		{"nothing", []page{{}}, 0, nil, []string{""}, false},
		{"second page fails", []page{{items: []int{1}, next: "a"}, {err: broken}}, 0, []int{1}, []string{"", "a"}, true},
		{"same token again", []page{{items: []int{1}, next: "a"}, {items: []int{2}, next: "a"}}, 0, []int{1, 2}, []string{"", "a"}, true},
		{"stopped early", []page{{items: []int{1, 2}, next: "a"}, {items: []int{3}}}, 1, []int{1}, []string{""}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []int
			var tokens []string
			failed := false
			list := aws.Pages(t.Context(), func(_ context.Context, token *string) ([]int, *string, error) {
				if token == nil {
					token = new(string)
				}
				tokens = append(tokens, *token)
				p := tt.pages[len(tokens)-1]
				return p.items, &p.next, p.err
			})
			for item, err := range list {
				if err != nil {
					failed = true
					break
				}
				if got = append(got, item); len(got) == tt.limit {
					break
				}
			}
			if !slices.Equal(got, tt.want) || !slices.Equal(tokens, tt.tokens) || failed != tt.failed {
				t.Errorf("got %v with tokens %q, failed %t", got, tokens, failed)
			}
		})
	}
}
