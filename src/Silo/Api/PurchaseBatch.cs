using ChainCrm.Client.Wire;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>
/// Many sales in one request. Each is decided by itself; those of one grain in the order of the request, one after the other, so that a
/// refusal that may pass later can't let a later sale of the same customer overtake an earlier one; different grains at the same time.
/// </summary>
internal static class PurchaseBatch
{
    /// <summary>Records them; results in the order of the request.</summary>
    public static async Task<IReadOnlyList<PurchaseResult>> RecordAsync(ApiServices api, Caller caller, IReadOnlyList<PurchaseRequest> requests)
    {
        var results = new PurchaseResult[requests.Count];
        var grains = new Dictionary<string, List<(int Index, Purchases.Prepared Sale)>>(StringComparer.Ordinal);
        for (var i = 0; i < requests.Count; i++)
        {
            if (requests[i] is null)
            {
                results[i] = Refused(ApiRejections.MissingField.At($"purchases[{i}]"));
                continue;
            }

            var (sale, rejection) = await Purchases.PrepareAsync(api, caller, requests[i]);
            if (sale is null)
            {
                results[i] = Refused(rejection!);
                continue;
            }

            var stream = sale.Command.Grain.Stream;
            if (!grains.TryGetValue(stream, out var queue)) grains[stream] = queue = [];
            queue.Add((i, sale));
        }

        await Parallel.ForEachAsync(grains.Values, new ParallelOptions { MaxDegreeOfParallelism = ApiLimits.BatchParallelMax }, async (queue, _) =>
        {
            foreach (var (index, sale) in queue)
            {
                var reply = await api.Engine.AskAsync(sale.Command);
                if (Purchases.MayBeOlder(reply)) reply = await Purchases.AskAgainAsync(api, sale);
                var rejection = reply.Rejection;
                results[index] = rejection is null ? new PurchaseResult { Reply = Purchases.ReplyOf(api, caller, sale, reply.Entry!) } : Refused(rejection);
                if (rejection is null || !IsOfTheEngine(rejection)) continue;
                RefuseRest(queue, index, rejection, results);
                break;
            }
        });
        return results;
    }

    /// <summary>The engine could not decide, as opposed to the rules that did.</summary>
    private static bool IsOfTheEngine(Domain.Rejection rejection) => rejection.Code is >= 900 and < 1000 && rejection.MayPassLater;

    /// <summary>What follows a sale that the engine could not take waits with it: the caller sends both again, in order.</summary>
    private static void RefuseRest(List<(int Index, Purchases.Prepared Sale)> queue, int after, Domain.Rejection rejection, PurchaseResult[] results)
    {
        foreach (var (index, _) in queue)
            if (index > after) results[index] = Refused(rejection);
    }

    private static PurchaseResult Refused(Domain.Rejection rejection) => new() { Problem = ProblemMap.ToProblem(rejection) };
}
