package orders_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// month is what the billing beside orders lists.
type month struct {
	Until     time.Time `json:"until,omitzero"`
	Escalated bool      `json:"escalated,omitempty"`
	Broken    bool      `json:"broken,omitempty"` // what it wants outside fails

	Intents intent.Ledger `json:"intents,omitempty"`
}

// billingBeside is a small billing that lists months, and fails when it is told to.
func billingBeside(months map[string]month, fails *atomic.Bool) kit.Service {
	es := &kit.Effects[month]{Ledger: func(m *month) *intent.Ledger { return &m.Intents }, All: []kit.Effect[month]{{
		Name: "break",
		Wanted: func(m *month) []intent.Want {
			if m.Broken {
				return intent.Now()
			}
			return nil
		},
		Do: func(context.Context, kit.Attempt[month]) (kit.Record[month], error) {
			return nil, errs.New(errs.Precondition, "STATE_REFUSES", "no")
		},
	}}}
	return kit.New(kit.Spec[kit.NoConfig]{
		Name:       "billing",
		Migrations: fstest.MapFS{"migrations/00001_months.sql": {Data: []byte("-- +goose Up\nCREATE TABLE months (\n  -- +store kind\n);\n")}},
		Texts:      fstest.MapFS{"texts/en.yaml": {Data: []byte("parked: {what: Release it., where: OperationsService.ReleaseParked}\n")}},
		Setup: func(ctx context.Context, e *kit.Env, _ *kit.NoConfig) error {
			table := store.NewTable(e.DB, store.Kind[month]{
				Noun: "month", Table: "months", Version: 1, Next: es.Next,
				Waiting: func(m *month) store.Waiting {
					return store.Waiting{Owner: "RESELLER", Until: m.Until, Escalated: m.Escalated}
				},
			})
			kit.WorkEffects(e, table, es)
			listed := kit.ActionsIn(typev1.ActionKind_ACTION_KIND_PERIOD, table, func(text.Words, *month) (*typev1.Action, bool) {
				if fails.Load() {
					panic("broken")
				}
				return &typev1.Action{Waiting: &typev1.Waiting{Owner: typev1.Party_PARTY_RESELLER}}, false
			})
			listed.Money = true
			e.ShowActions(kit.Actions{Parked: text.New("parked"), Of: []kit.ActionsOf{listed}})
			return e.DB.InTx(ctx, func(tx *store.Tx) error {
				for id, m := range months {
					if _, err := table.Create(tx, id, &m); err != nil {
						return err
					}
				}
				return nil
			})
		},
	})
}

// TestActionsOfAServiceThatFails: it is named, and what it has not shown yet is shown when it is back.
func TestActionsOfAServiceThatFails(t *testing.T) {
	t.Parallel()
	fails := &atomic.Bool{}
	a := start(t, nobody, billingBeside(map[string]month{"x_1": {}, "x_2": {}}, fails))
	drafts := []string{a.draftFor(t, "", "810000000011"), a.draftFor(t, "", "810000000012")}
	list, token := ordersv1.NewActionServiceClient(a.Conn()), ""
	page := func(size int32, want ...string) (missing []string) {
		t.Helper()
		resp, err := list.ListActions(a.operator(t), &ordersv1.ListActionsRequest{PageSize: size, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range resp.GetActions() {
			got = append(got, one.GetResourceId())
		}
		if !slices.Equal(got, want) {
			t.Errorf("the page holds %v, want %v", got, want)
		}
		token = resp.GetNextPageToken()
		return resp.GetMissingServices()
	}
	if missing := page(1, drafts[0]); slices.Contains(missing, "billing") {
		t.Errorf("missing are %v", missing)
	}
	fails.Store(true)
	if missing := page(1, drafts[1]); !slices.Contains(missing, "billing") || token == "" {
		t.Errorf("missing are %v, it goes on at %q", missing, token)
	}
	_, err := list.ListActions(a.operator(t), &ordersv1.ListActionsRequest{PageSize: 1, PageToken: token})
	isRefused(t, err, codes.Unavailable, "UNAVAILABLE")
	fails.Store(false)
	if page(2, "x_1", "x_2"); token != "" {
		t.Errorf("it goes on at %q", token)
	}
}

// TestActionsThatPress: what is overdue, was escalated, is parked, or keeps money waiting is found by that.
func TestActionsThatPress(t *testing.T) {
	t.Parallel()
	impatient := strings.Replace(nobody, "platform: {", "platform: {work: {max_attempts: 1}, ", 1)
	a := start(t, impatient, billingBeside(map[string]month{
		"x_broken": {Broken: true},
		"x_late":   {Until: time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)}, "x_told": {Escalated: true}, "x_undated": {},
	}, &atomic.Bool{}))
	a.draftFor(t, "", "810000000013")
	kittest.Until(t, "it is parked", func() bool {
		all, _ := a.actions(t, &ordersv1.ListActionsRequest{Parked: true})
		return len(all) == 1
	})
	for name, tt := range map[string]struct {
		req  *ordersv1.ListActionsRequest
		want string
	}{
		"parked":             {&ordersv1.ListActionsRequest{Parked: true}, "x_broken"},
		"overdue":            {&ordersv1.ListActionsRequest{Overdue: true}, "x_broken x_told x_late"},
		"escalated":          {&ordersv1.ListActionsRequest{Escalated: true}, "x_broken x_told"},
		"with money at risk": {&ordersv1.ListActionsRequest{MoneyAtRisk: true}, "x_broken x_told x_late x_undated"},
	} {
		all, _ := a.actions(t, tt.req)
		var got []string
		for _, one := range all {
			got = append(got, one.GetResourceId())
		}
		if list := strings.Join(got, " "); list != tt.want {
			t.Errorf("%s: %s, want %s", name, list, tt.want)
		}
	}
}
