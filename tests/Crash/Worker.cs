using System.Net.Http;
using ChainCrm.Client.Wire;

namespace ChainCrm.Crash;

/// <summary>What a worker knows was accepted: a receipt, and whether it came back.</summary>
internal sealed record Sold(string Customer, string Store, string Receipt, long AmountMinor, string Reply) { public bool IsReturned { get; set; } }

/// <summary>
/// A till that never gives up: sells, takes back and adjusts, one command after the other, each repeated with its key until it is accepted.
/// Keeps its own books, by plain sums.
/// </summary>
internal sealed class Worker(int number, Chain chain, Progress progress) : IDisposable
{
    private readonly Random _random = new(1_000 + number);
    private readonly TillClient _client = chain.Client();
    private int _commands;

    public List<Sold> Sales { get; } = [];
    public Dictionary<string, long> Points { get; } = [];
    public int Adjustments { get; private set; }
    public int RepeatsCompared { get; private set; }
    public int Retries => _client.Retries;

    /// <summary>Works until it is told to stop; the last command is brought to its end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var dice = _random.Next(100);
            if (dice < 8 && Sales.FirstOrDefault(sale => !sale.IsReturned) is { } back) await ReturnAsync(back);
            else if (dice < 14) await AdjustAsync();
            else if (dice < 18 && Sales.Count > 0) await RepeatAsync(Sales[_random.Next(Sales.Count)]);
            else await SellAsync();
            progress.Add();
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task SellAsync()
    {
        var (customer, store, receipt) = (AnyCustomer(), $"S{1 + _random.Next(Chain.Stores)}", $"w{number}-{++_commands}");
        var amount = 100L * (1 + _random.Next(50));
        var reply = await _client.SendAsync(HttpMethod.Post, "/v1/purchases", Request(customer, store, receipt, amount), receipt);
        Sales.Add(new Sold(customer, store, receipt, amount, reply));
        Add(customer, amount / 100);
    }

    private async Task ReturnAsync(Sold sale)
    {
        await _client.SendAsync(HttpMethod.Post, "/v1/returns", new ReturnRequest
        {
            Customer = new CustomerKey { Id = sale.Customer }, Store = sale.Store, PurchaseStore = sale.Store, PurchaseReceipt = sale.Receipt,
        }, $"w{number}-{++_commands}");
        sale.IsReturned = true;
        Add(sale.Customer, -sale.AmountMinor / 100);
    }

    private async Task AdjustAsync()
    {
        var (customer, points) = (AnyCustomer(), 1L + _random.Next(30));
        await _client.SendAsync(HttpMethod.Post, "/v1/adjustments", new AdjustRequest
        {
            Customer = new CustomerKey { Id = customer }, Store = "S1", Points = points, Reason = "test",
        }, $"w{number}-{++_commands}");
        Adjustments++;
        Add(customer, points);
    }

    // The answer was lost on the way, the till asks again, perhaps after a restart of the server: it must be the same to the byte.
    private async Task RepeatAsync(Sold sale)
    {
        var again = await _client.SendAsync(HttpMethod.Post, "/v1/purchases", Request(sale.Customer, sale.Store, sale.Receipt, sale.AmountMinor), sale.Receipt);
        if (again != sale.Reply) throw new InvalidOperationException($"A repeated purchase was answered differently: {sale.Reply} then {again}");
        RepeatsCompared++;
    }

    private static PurchaseRequest Request(string customer, string store, string receipt, long amount) => new()
    {
        Customer = new CustomerKey { Id = customer },
        Store = store,
        Receipt = receipt,
        Lines = [new PurchaseLineRequest { Line = 1, Product = "P1", Category = "C", Quantity = 1, PriceMinor = amount }],
    };

    private string AnyCustomer() => chain.Customers[_random.Next(chain.Customers.Count)];

    private void Add(string customer, long points) => Points[customer] = Points.GetValueOrDefault(customer) + points;
}
