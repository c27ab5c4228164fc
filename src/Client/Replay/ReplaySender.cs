using System.Collections.Concurrent;
using System.Net;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Replay;

/// <summary>Sends operations and turns each answer into an outcome: recorded, or the number of the refusal.</summary>
internal sealed class ReplaySender(ChainCrmClient client, ReplayKeys keys, IReadOnlyDictionary<string, string> ids)
{
    private readonly ConcurrentDictionary<int, string> _refusals = new();

    /// <summary>Names of the refusals seen, by number.</summary>
    public IReadOnlyDictionary<int, string> Refusals => _refusals;

    public async Task<ushort> PurchaseAsync(PurchaseOperation purchase, CancellationToken cancellation)
    {
        try
        {
            await client.PurchaseAsync(Request(purchase), cancellation);
            return ReplayState.Recorded;
        }
        catch (ChainCrmException refused) when (IsDecision(refused))
        {
            return Refused(refused.Problem!);
        }
    }

    public async Task<ushort> ReturnAsync(ReturnOperation taken, CancellationToken cancellation)
    {
        var request = new ReturnRequest
        {
            Customer = Who(taken.Customer),
            Store = taken.Store,
            PurchaseStore = taken.Store,
            PurchaseReceipt = taken.PurchaseReceipt,
            OccurredAt = taken.OccurredAt,
            Reason = "cancelled",
        };
        try
        {
            await client.ReturnAsync(request, taken.Receipt, cancellation);
            return ReplayState.Recorded;
        }
        catch (ChainCrmException refused) when (IsDecision(refused))
        {
            return Refused(refused.Problem!);
        }
    }

    /// <summary>Outcomes in the order of the purchases. Those that may pass later are sent again, with the same receipts.</summary>
    public async Task<ushort[]> BatchAsync(List<PurchaseOperation> purchases, CancellationToken cancellation)
    {
        var outcomes = new ushort[purchases.Count];
        var open = Enumerable.Range(0, purchases.Count).ToList();
        for (var round = 0; open.Count > 0; round++)
        {
            var results = await SendBatchAsync(open.ConvertAll(i => purchases[i]), cancellation);
            if (results is null)
            {
                foreach (var i in open) outcomes[i] = await PurchaseAsync(purchases[i], cancellation);
                return outcomes;
            }

            var again = Judge(purchases, open, results, outcomes, round);
            if (again.Trouble) await Task.Delay(Math.Min(ClientLimits.RetryDelayMaxMs, ClientLimits.RetryDelayMs * (round + 1)), cancellation);
            open = again.Open;
        }

        return outcomes;
    }

    /// <summary>
    /// Notes outcomes; what is left to be sent again, and whether after a pause. A refusal that may pass later stands for the rest of the
    /// same customer's sales in the batch too, which the server holds back to keep their order: only the first of them was judged.
    /// </summary>
    private (List<int> Open, bool Trouble) Judge(
        List<PurchaseOperation> purchases, List<int> open, IReadOnlyList<PurchaseResult> results, ushort[] outcomes, int round)
    {
        var (again, trouble) = (new List<int>(), false);
        var heldBack = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < open.Count; i++)
        {
            var purchase = purchases[open[i]];
            if (results[i].Problem is not { } problem)
            {
                outcomes[open[i]] = ReplayState.Recorded;
                continue;
            }

            var owner = purchase.Customer is { } customer ? "customer/" + customer : "store/" + purchase.Store;
            var isTrouble = problem.MayPassLater && IsEngineTrouble(problem) && round < ClientLimits.TransientRefusalRetriesMax;
            if (isTrouble || (problem.MayPassLater && !heldBack.Add(owner)))
            {
                again.Add(open[i]);
                trouble |= isTrouble;
                continue;
            }

            outcomes[open[i]] = Refused(problem);
        }

        return (again, trouble);
    }

    /// <summary>Results of one request; null when the server refused the batch as a whole and each sale should be asked for by itself.</summary>
    private async Task<IReadOnlyList<PurchaseResult>?> SendBatchAsync(List<PurchaseOperation> purchases, CancellationToken cancellation)
    {
        try
        {
            var reply = await client.PurchaseBatchAsync(new PurchaseBatchRequest { Purchases = purchases.ConvertAll(Request) }, keys.Batch(purchases), cancellation);
            return reply.Results.Count == purchases.Count
                ? reply.Results
                : throw new ChainCrmException($"The server answered {reply.Results.Count} results to {purchases.Count} sales.");
        }
        catch (ChainCrmException refused) when (IsDecision(refused))
        {
            return null;
        }
    }

    private PurchaseRequest Request(PurchaseOperation purchase) => new()
    {
        Customer = Who(purchase.Customer),
        Store = purchase.Store,
        Receipt = purchase.Receipt,
        OccurredAt = purchase.OccurredAt,
        Lines = purchase.Lines,
    };

    private CustomerKey? Who(string? customer) => customer is null ? null : new CustomerKey { Id = ids[customer] };

    /// <summary>The server decided about this request; anything else (no answer, not signed in, a bug there) ends the replay.</summary>
    private static bool IsDecision(ChainCrmException error) =>
        error.Code >= 100 && error.Status is >= 400 and < 500 and not (int)HttpStatusCode.Unauthorized;

    /// <summary>Numbers 900 and up are the engine's and the server's own troubles, not rules of the business.</summary>
    private static bool IsEngineTrouble(Problem problem) => problem.Code >= 900;

    private ushort Refused(Problem problem)
    {
        _refusals.TryAdd(problem.Code, problem.Name ?? "");
        return checked((ushort)Math.Max(2, problem.Code));
    }
}
