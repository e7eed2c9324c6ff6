package kit_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// listedFences lists the fences: Refusal is the party that a fence waits for by its own rules, Painted the one by which its row is listed.
func listedFences(rows map[string]fence) kit.Service {
	es := &kit.Effects[fence]{Ledger: func(f *fence) *intent.Ledger { return &f.Intents }}
	return kit.New(kit.Spec[kit.NoConfig]{
		Name:       "fences",
		Migrations: fstest.MapFS{"migrations/00001_fences.sql": {Data: []byte("-- +goose Up\nCREATE TABLE fences (\n  -- +store kind\n);\n")}},
		Setup: func(ctx context.Context, e *kit.Env, _ *kit.NoConfig) error {
			table := store.NewTable(e.DB, store.Kind[fence]{
				Noun: "fence", Table: "fences", Version: 1,
				Waiting: es.Waiting(func(f *fence) store.Waiting { return store.Waiting{Owner: f.Painted} }),
			})
			said := kit.Actions{Parked: text.New("parked"), Refused: text.New("refused"), Dead: text.New("dead")}
			said.Of = []kit.ActionsOf{kit.ActionsIn(
				typev1.ActionKind_ACTION_KIND_ORDER, table, func(_ text.Words, f *fence) (*typev1.Action, bool) {
					a := &typev1.Action{}
					if f.Refusal != "" {
						a.Waiting = &typev1.Waiting{Owner: typev1.Party(typev1.Party_value["PARTY_"+f.Refusal]), What: "own"}
					}
					return a, f.Intents.Refused()
				},
			)}
			e.ShowActions(said)
			if _, err := e.DB.RecordRefusal(ctx, "fences", store.DeadLetter{Message: "evt_1"}, 1); err != nil {
				return err
			}
			if _, err := e.DB.RecordRefusal(ctx, "fences", store.DeadLetter{Message: "evt_2"}, 2); err != nil { // it is tried again
				return err
			}
			return e.DB.InTx(ctx, func(tx *store.Tx) error {
				for id, f := range rows {
					if _, err := table.Create(tx, id, &f, fact.Fact{Name: "built"}); err != nil {
						return err
					}
				}
				return nil
			})
		},
	})
}

// TestARefusalIsSaid: what a party refuses is told before a row's own wait, which is the reseller's besides; and a row that waits for
// nobody by now is not told of. An event that was refused too often comes before all of them.
func TestARefusalIsSaid(t *testing.T) {
	t.Parallel()
	refused := intent.Ledger{"paint": {Refusals: 3}}
	c := loopback(t, "")
	p := start(t, c, listedFences(map[string]fence{
		"its own": {Painted: "RESELLER", Refusal: "RESELLER"}, "seen to": {Painted: "RESELLER"}, "only refused": {Intents: refused},
		"refused": {Painted: "RESELLER", Refusal: "RESELLER", Intents: refused}, "theirs": {Painted: "AWS", Refusal: "AWS", Intents: refused},
	}))
	conn, err := rpc.Dial(rpc.Target(p.GRPCAddress()), rpc.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	issuer, err := auth.OpenIssuer(c.Platform.Auth.Development)
	if err != nil {
		t.Fatal(err)
	}
	token, err := issuer.Person(auth.Principal{Subject: "olga", Role: auth.Operator}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	ctx := metadata.AppendToOutgoingContext(t.Context(), auth.HeaderPerson, "Bearer "+token)
	resp, err := opsv1.NewOperationsServiceClient(conn).ListActions(ctx, &opsv1.ListActionsRequest{Service: "fences"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range resp.GetActions() {
		a := l.GetAction()
		if a.GetKind() == typev1.ActionKind_ACTION_KIND_DEAD_LETTER {
			a.ResourceId = strings.Split(a.GetResourceId(), "_")[0] // chosen at random
		}
		line := a.GetResourceId() + ": " + a.GetWaiting().GetOwner().String() + " " + a.GetWaiting().GetWhat()
		for _, besides := range a.GetBesides() {
			line += ", " + besides.GetWhat()
		}
		got = append(got, line)
	}
	want := "dlt: PARTY_RESELLER dead.what\nonly refused: PARTY_RESELLER refused.what\nrefused: PARTY_RESELLER refused.what, own\n" +
		"theirs: PARTY_RESELLER refused.what\nits own: PARTY_RESELLER own"
	if lines := strings.Join(got, "\n"); lines != want {
		t.Errorf("it says\n%s\nwant\n%s", lines, want)
	}
}
