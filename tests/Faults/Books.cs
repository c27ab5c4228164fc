using System.Text.Json;

namespace ChainCrm.Faults;

/// <summary>
/// Every answer that settled a command, written to a file before anything else is done with it. One line of JSON each: the auditor reads that file. Thread-safe.
/// </summary>
internal sealed class Books : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file;
    private readonly string _path;
    private TaskCompletionSource? _waiting;
    private TaskCompletionSource? _firstAnswer;
    private int _target;

    public Books(string path)
    {
        _path = path;
        _file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    public int Acknowledged { get; private set; }

    public int Refused { get; private set; }

    public int Retries { get; private set; }

    public void Accept(Command command, string reply)
    {
        using var json = JsonDocument.Parse(reply);
        Write(new Answer(command.Id, command.Kind.ToString(), command.Customer, command.Points, command.AmountMinor, command.HeadAtRetry, null, json.RootElement), command);
    }

    public void Refuse(Command command, int code) =>
        Write(new Answer(command.Id, command.Kind.ToString(), command.Customer, command.Points, command.AmountMinor, command.HeadAtRetry, code, null), command);

    /// <summary>Waits for so many more acknowledged commands.</summary>
    public async Task MoreAsync(int count)
    {
        Task wait;
        lock (_gate)
        {
            (_target, _waiting) = (Acknowledged + count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            wait = _waiting.Task;
        }

        await wait.WaitAsync(TimeSpan.FromSeconds(FaultsLimits.PatienceSeconds));
    }

    /// <summary>Completes with the next acknowledged command.</summary>
    public Task NextAsync()
    {
        lock (_gate) return (_firstAnswer ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>All answers so far, from the file.</summary>
    public List<Answer> Read()
    {
        using var reader = new StreamReader(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var answers = new List<Answer>();
        while (reader.ReadLine() is { } line) answers.Add(JsonSerializer.Deserialize<Answer>(line)!);
        return answers;
    }

    public void Dispose() => _file.Dispose();

    private void Write(Answer answer, Command command)
    {
        lock (_gate)
        {
            _file.WriteLine(JsonSerializer.Serialize(answer));
            Retries += command.Retries;
            if (answer.Refusal is null) Acknowledged++;
            else Refused++;
            if (answer.Refusal is null && _firstAnswer is { } first) (_firstAnswer, _) = (null, first.TrySetResult());
            if (Acknowledged >= _target) _waiting?.TrySetResult();
        }
    }
}

/// <summary>A settled command: the number it was refused with, or the reply.</summary>
internal sealed record Answer(string Command, string Kind, string? Customer, long? Points, long AmountMinor, long HeadAtRetry, int? Refusal, JsonElement? Reply);
