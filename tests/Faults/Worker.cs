using System.Net;
using System.Text.Json;

namespace ChainCrm.Faults;

/// <summary>
/// A till that never gives up: one command after the other, each repeated with its key until an answer settles it. Some of its requests it cuts off itself, as a
/// till with a bad line does.
/// </summary>
internal sealed class Worker(int number, int seed, Gate server, Gate pause, Books books, IReadOnlyList<string> customers, string key) : IDisposable
{
    // What the rules may say against an honest command: too few points; under a clock that went back, a return earlier than its sale.
    private static readonly int[] Foreseen = [141, 151];
    private readonly Random _random = new(unchecked(seed * 1_000 + number));
    private readonly Till _till = new(key);
    private readonly Queue<Command> _returnable = new();
    private readonly List<string> _enrolled = [];
    private int _commands;

    /// <summary>A command that no rule could have foreseen to be refused: the message says which.</summary>
    public string? Complaint { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await pause.PassAsync();
            if (stop.IsCancellationRequested) return;
            await PerformAsync(Next());
        }
    }

    public void Dispose() => _till.Dispose();

    private Command Next()
    {
        var (id, store) = ($"w{number}-{++_commands}", 1 + _random.Next(FaultsLimits.Stores));
        var customer = _enrolled.Count > 0 && _random.Next(3) == 0 ? _enrolled[_random.Next(_enrolled.Count)] : customers[_random.Next(customers.Count)];
        switch (_random.Next(100))
        {
            case < 5:
                return Chain.Enrol(id);
            case < 17 when _returnable.Count > 3:
                return Chain.TakeBack(id, _returnable.Dequeue(), store);
            case < 25:
                return Chain.Redeem(id, customer, store, 1 + _random.Next(20));
            case < 33:
                return Chain.Adjust(id, customer, store, 1 + _random.Next(30));
            case < 40:
                return Chain.Buy(id, customer, store, 100L * (10 + _random.Next(50)), usePoints: 100L * (1 + _random.Next(2)));
            default:
                return Chain.Buy(id, customer, store, 100L * (1 + _random.Next(50)), usePoints: 0);
        }
    }

    private async Task PerformAsync(Command command)
    {
        while (true)
        {
            var up = await server.PassAsync();
            if (command.Retries > 0) command.HeadAtRetry = up.Head;
            using var cut = _random.Next(50) == 0 ? new CancellationTokenSource(_random.Next(1, 6)) : null;
            var (status, text) = await _till.SendAsync(up.Address, HttpMethod.Post, command.Path, command.Body, command.Key, cut?.Token ?? default);
            if (status is HttpStatusCode.OK or HttpStatusCode.Created)
            {
                books.Accept(command, text);
                Remember(command, text);
                return;
            }

            if (Chain.Settles(status, text) is { } code)
            {
                books.Refuse(command, code);
                if (!Foreseen.Contains(code)) Complaint ??= $"{command.Id} after {command.Retries} retries: {text}";
                return;
            }

            command.Retries++;
            await Task.Delay(FaultsLimits.RetryMs);
        }
    }

    private void Remember(Command command, string reply)
    {
        if (command.Kind == Kind.Purchase) _returnable.Enqueue(command);
        if (command.Kind == Kind.Enrolment) _enrolled.Add(JsonSerializer.Deserialize<JsonElement>(reply).GetProperty("id").GetString()!);
    }
}
