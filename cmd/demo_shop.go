package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/tag"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
)

// The shop's sizes. Everything in it is made from these numbers: two demos are alike to the byte.
const (
	shopCustomers = 60
	shopOrders    = 10 // of each customer
	shopProducts  = 80
	shopSessions  = 260
	shopItems     = shopCustomers*(1+shopOrders) + shopProducts + shopSessions
	demoTag       = "ddb:demo"
)

type shopTable struct {
	create *table.CreateInput
	ttl    string
	items  []attr.Item
}

func shopInput(name, keys string, indexes ...string) *table.CreateInput {
	in := &table.CreateInput{TableName: name}
	c := createFlags{keys: keys, indexes: indexes, tags: []string{demoTag + "=shop"}}
	if err := c.fill(in); err != nil { // the texts are constants of this file, and the demo's test runs them
		return in
	}
	return in
}

func shop() []shopTable {
	return []shopTable{
		{create: shopInput("Customers", "customer:S"), items: customers()},
		{create: shopInput("Orders", "customer:S,placed:S", "ByStatus=status:S,placed:S"), items: orders()},
		{create: shopInput("Products", "sku:S"), items: products()},
		{create: shopInput("Sessions", "session:S", "ByCustomer=customer:S,started:N keys"), ttl: "expires", items: sessions()},
	}
}

var (
	shopNames  = []string{"Ada", "Bola", "Chen", "Dana", "Elif", "Femi", "Gita", "Hana", "Ines", "Jan", "Kofi", "Lea", "Mio", "Nour", "Olga"}
	shopCities = []string{"Lisbon", "Lagos", "Osaka", "Graz", "Izmir", "Lima", "Pune", "Oslo"}
	shopGoods  = []string{"lamp", "chair", "desk", "shelf", "rug", "clock", "vase", "kettle", "mirror", "stool"}
	shopColors = []string{"red", "blue", "green", "white", "black", "oak", "ash", "grey"}
	shopStates = []string{"open", "paid", "shipped", "shipped", "shipped", "returned"}
)

// shopStart is the shop's first day; sessions alone belong to today, because they expire.
var shopStart = time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC)

func number(n int) attr.Value { return attr.Value{Kind: attr.N, Str: fmt.Sprint(n)} }

// money writes cents as a decimal in normal form.
func money(cents int) attr.Value {
	n, err := attr.NormalizeNumber(fmt.Sprintf("%d.%02d", cents/100, cents%100))
	if err != nil {
		return number(cents / 100)
	}
	return attr.Value{Kind: attr.N, Str: n}
}

func customerID(i int) string { return fmt.Sprintf("c#%03d", i) }

func customers() []attr.Item {
	var list []attr.Item
	for i := 1; i <= shopCustomers; i++ {
		name := shopNames[i*7%len(shopNames)]
		list = append(list, attr.Item{
			{Name: "customer", Value: attr.String(customerID(i))},
			{Name: "name", Value: attr.String(name)},
			{Name: "email", Value: attr.String(fmt.Sprintf("%s.%d@shop.example", name, i))},
			{Name: "city", Value: attr.String(shopCities[i*5%len(shopCities)])},
			{Name: "since", Value: attr.String(shopStart.AddDate(0, 0, -i*11).Format(time.DateOnly))},
		})
	}
	return list
}

func orders() []attr.Item {
	var list []attr.Item
	for i := 1; i <= shopCustomers; i++ {
		for n := range shopOrders {
			placed := shopStart.AddDate(0, 0, n*9+i%9).Add(time.Duration((i*37+n*61)%600) * time.Minute)
			state := shopStates[(i+n*5)%len(shopStates)]
			if n == 6 && i == 7 {
				placed, state = time.Date(2026, 3, 2, 11, 24, 0, 0, time.UTC), "open"
			}
			var lines []attr.Value
			cents := 0
			for l := range 1 + (i+n)%3 {
				sku := (i*13+n*29+l*17)%shopProducts + 1
				quantity := 1 + (i+l)%3
				cents += price(sku) * quantity
				lines = append(lines, attr.Map(attr.Item{{Name: "sku", Value: attr.String(skuOf(sku))}, {Name: "quantity", Value: number(quantity)}}))
			}
			it := attr.Item{
				{Name: "customer", Value: attr.String(customerID(i))},
				{Name: "placed", Value: attr.String(placed.Format(time.RFC3339))},
				{Name: "status", Value: attr.String(state)},
				{Name: "total", Value: money(cents)},
				{Name: "lines", Value: attr.List(lines...)},
			}
			if n == 6 && i == 7 {
				it.Set("paid", attr.Map(attr.Item{}))
			}
			if (i+n)%4 == 0 {
				it.Set("tags", attr.Value{Kind: attr.SS, List: []attr.Value{attr.String("gift"), attr.String("wrapped")}})
			}
			list = append(list, it)
		}
	}
	return list
}

func skuOf(i int) string { return fmt.Sprintf("sku-%03d", i) }

func price(sku int) int { return 499 + sku*sku*17%19000 }

func products() []attr.Item {
	var list []attr.Item
	for i := 1; i <= shopProducts; i++ {
		list = append(list, attr.Item{
			{Name: "sku", Value: attr.String(skuOf(i))},
			{Name: "name", Value: attr.String(shopColors[i%len(shopColors)] + " " + shopGoods[i*3%len(shopGoods)])},
			{Name: "price", Value: money(price(i))},
			{Name: "stock", Value: number(i * 31 % 97)},
		})
	}
	return list
}

func sessions() []attr.Item {
	now := time.Now().Truncate(time.Hour)
	var list []attr.Item
	for i := 1; i <= shopSessions; i++ {
		started := now.Add(-time.Duration(i*13%720) * time.Minute)
		list = append(list, attr.Item{
			{Name: "session", Value: attr.String(fmt.Sprintf("s-%05x", i*7919%1048573))},
			{Name: "customer", Value: attr.String(customerID(i*11%shopCustomers + 1))},
			{Name: "started", Value: number(int(started.Unix()))},
			{Name: "expires", Value: number(int(started.Add(30 * time.Hour).Unix()))},
		})
	}
	return list
}

func enableTTL(ctx context.Context, env *op.Env, name, attribute string) error {
	on := true
	_, err := ttl.Update.Call(ctx, env, &ttl.UpdateInput{TableName: name, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &attribute, Enabled: &on}})
	return err
}

// demoTable tells whether an earlier demo made the table.
func demoTable(ctx context.Context, env *op.Env, t *types.TableDescription) bool {
	found := false
	_, err := tag.List.Each(ctx, env, &tag.ListInput{ResourceArn: aws.ToString(t.TableArn)}, func(x types.Tag) error {
		found = found || aws.ToString(x.Key) == demoTag
		return nil
	})
	return err == nil && found
}
