using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ChainCrm.TestKit.Postgres;

/// <summary>
/// A PostgreSQL server of the tests' own: in a temporary folder, on a free port of the loopback, with fsync on, gone when it is disposed of or when
/// this process ends, however it ends. The programmes are those of the machine; <see cref="WhyMissing"/> says when there are none, and tests marked with
/// <see cref="NeedsPostgresAttribute"/> are skipped then.
/// </summary>
public sealed partial class TestPostgres : IAsyncDisposable
{
    /// <summary>The role of the administrator.</summary>
    public const string Administrator = "postgres";

    private const int SigInt = 2, SigKill = 9, SigTerm = 15, SigStop = 19;
    private const int StartsMax = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string? Programmes = FindProgrammes();
    private static readonly Lazy<Task<TestPostgres>> SharedServer = new(() => StartAsync());
    private static int schemas;

    private readonly string folder = Directory.CreateTempSubdirectory("chaincrm-postgres-").FullName;
    private readonly string password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
    private readonly bool fsync;
    private readonly string environment;
    private Process? process;
    private Task ended = Task.CompletedTask;

    private TestPostgres(bool fsync, IEnumerable<KeyValuePair<string, string>> environment)
    {
        this.fsync = fsync;
        this.environment = string.Concat(environment.Select(variable => $"{variable.Key}='{variable.Value}' "));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
    }

    /// <summary>Why no server can be started here, or null when one can.</summary>
    public static string? WhyMissing { get; } = Programmes is null
        ? "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        : Environment.IsPrivilegedProcess && !HasUser() ? "PostgreSQL does not run as root, and there is no user postgres" : null;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>The one server that all tests of this process share; each takes a schema of its own.</summary>
    public static Task<TestPostgres> SharedAsync() => SharedServer.Value;

    /// <summary>A server of one test's own, to be stopped and started by it.</summary>
    /// <param name="fsync">Whether it waits for the disk.</param>
    /// <param name="environment">Variables that the server alone gets, such as a library to be loaded before all others.</param>
    /// <exception cref="InvalidOperationException">There is no PostgreSQL here, or it does not start; the message says which.</exception>
    public static async Task<TestPostgres> StartAsync(bool fsync = true, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        if (WhyMissing is { } reason) throw new InvalidOperationException(reason);
        var server = new TestPostgres(fsync, environment ?? []);
        try
        {
            await server.MakeAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The name of a schema that nobody else uses.</summary>
    public static string NewSchema() => string.Create(CultureInfo.InvariantCulture, $"test_{Environment.ProcessId}_{Interlocked.Increment(ref schemas)}");

    /// <summary>How the server is reached.</summary>
    /// <param name="port">Another port than the server's, when something stands between.</param>
    /// <param name="user">A role; the administrator has the server's password, others have none.</param>
    /// <param name="database">A database.</param>
    public string Connection(int? port = null, string user = Administrator, string database = "postgres") => string.Create(CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={port ?? Port};Database={database};Username={user};Password={password}");

    /// <summary>Runs SQL as psql does, and answers what it prints: unaligned, rows alone.</summary>
    public async Task<string> SqlAsync(string sql, string user = Administrator, string database = "postgres", params string[] arguments)
    {
        string[] all = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", user, "-d", database, .. arguments];
        return (await RunAsync(Path.Combine(Programmes!, "psql"), all, input: sql)).Trim();
    }

    /// <summary>Makes a role that may log in with the server's password.</summary>
    public Task MakeRoleAsync(string role) => SqlAsync($"CREATE ROLE {role} LOGIN PASSWORD '{password}'");

    /// <summary>A file that is there while the folder is to outlive the server.</summary>
    private string Keep => Path.Combine(folder, "keep");

    /// <summary>A file that is there once the server was ready; before, its log is needed to say why it was not.</summary>
    private string Ready => Path.Combine(folder, "ready");

    /// <summary>Stops the server as a crash does: nothing is written any more, and every connection is cut.</summary>
    public async Task CrashAsync(PostgresStop how = PostgresStop.Immediate)
    {
        await File.WriteAllTextAsync(Keep, "");
        if (how == PostgresStop.Immediate) Stop();
        else if (ServerProcess() is { } server) End(server, how);
        await ended.WaitAsync(Patience);
    }

    /// <summary>The folder of the server's files.</summary>
    public string DataFolder => Path.Combine(folder, "data");

    /// <summary>The server by itself, as it wrote it down; null when it has not yet, or when that is what one before it left.</summary>
    private int? ServerProcess()
    {
        var file = Path.Combine(DataFolder, "postmaster.pid");
        return File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) && ParentOf(id) == process?.Id ? id : null;
    }

    private static void End(int server, PostgresStop how)
    {
        if (how == PostgresStop.Fast)
        {
            _ = Signal(server, SigInt);
            return;
        }

        // Held first, so that it can neither start another one nor tell those it has to end in order.
        _ = Signal(server, SigStop);
        foreach (var child in Children(server)) _ = Signal(child, SigKill);
        _ = Signal(server, SigKill);
    }

    private static List<int> Children(int parent) =>
        [.. Process.GetProcesses().Where(process => ParentOf(process.Id) == parent).Select(process => process.Id)];

    private static int? ParentOf(int process)
    {
        try
        {
            // The second word is the name in brackets and may hold anything; the parent is the second word after it.
            var words = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(words[(words.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    /// <summary>Starts the stopped server again, on the same port; it recovers what was committed.</summary>
    public async Task StartAgainAsync()
    {
        Launch();
        if (!await IsReadyAsync()) throw new InvalidOperationException($"PostgreSQL did not start again: {await LogAsync()}");
    }

    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    private async Task MakeAsync()
    {
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", ["postgres:", folder]);
        var secret = Path.Combine(folder, "secret");
        await File.WriteAllTextAsync(secret, password);
        await RunAsync("setpriv", [.. AsPostgres, Path.Combine(Programmes!, "initdb"), "-D", Path.Combine(folder, "data"), "-U", Administrator, "--auth=scram-sha-256",
            $"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
        for (var attempt = 1; ; attempt++)
        {
            // Somebody else may take the port before the server does; then another one is tried.
            Port = FreePort();
            Launch();
            if (await IsReadyAsync())
            {
                await File.WriteAllTextAsync(Ready, "");
                return;
            }

            if (attempt == StartsMax) throw new InvalidOperationException($"PostgreSQL did not start: {await LogAsync()}");
        }
    }

    private static string[] AsPostgres => Environment.IsPrivilegedProcess ? ["--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    private void Launch()
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The shell is told to end with the thread that started it, which lives as long as it does; it takes the server with it and clears the folder away,
        // also when this process is killed and has no time to.
        // It is told by TERM: QUIT and INT are ignored, and can't be trapped any more, in what a script started in the background.
        // A stop may come before the server is known here, and the server does not hear it before it is set up: it is remembered, and said until the server is gone.
        File.Delete(Keep);
        new Thread(() =>
        {
            try
            {
                var settings = string.Create(CultureInfo.InvariantCulture,
                    $"-c listen_addresses=127.0.0.1 -c port={Port} -c unix_socket_directories='{folder}' -c fsync={(fsync ? "on" : "off")} -c shared_buffers=64MB -c max_connections=120 -c max_wal_size=512MB -c wal_level=minimal -c max_wal_senders=0");
                process = Process.Start(new ProcessStartInfo("setpriv")
                {
                    ArgumentList = { "--pdeathsig=TERM", "sh", "-c", $$"""
                        stop= server=
                        quit() { while kill -QUIT "$server" 2>/dev/null; do sleep 0.05; done; }
                        trap 'stop=1; [ -z "$server" ] || quit' TERM
                        {{environment}}'{{Programmes}}/postgres' -D '{{folder}}/data' {{settings}} >>'{{folder}}/log' 2>&1 &
                        server=$!
                        [ -z "$stop" ] || quit
                        while kill -0 "$server" 2>/dev/null; do wait "$server" 2>/dev/null; done
                        [ -e '{{Keep}}' ] || [ ! -e '{{Ready}}' ] || rm -rf '{{folder}}'
                        """ },
                    UseShellExecute = false,
                }.With(AsPostgres))!;
                started.SetResult();
                process.WaitForExit();
            }
            finally
            {
                started.TrySetResult();
                over.SetResult();
            }
        })
        { IsBackground = true, Name = "PostgreSQL of the tests" }.Start();
        ended = over.Task;
        started.Task.Wait(Patience);
    }

    private async Task<bool> IsReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!ended.IsCompleted)
        {
            if (patience.IsCancellationRequested) throw new TimeoutException($"PostgreSQL is not ready after {Patience.TotalSeconds} s: {await LogAsync()}");
            // By its own socket: on the port somebody else's server may answer.
            var arguments = new ProcessStartInfo(Path.Combine(Programmes!, "pg_isready"))
            {
                ArgumentList = { "-q", "-h", folder, "-p", Port.ToString(CultureInfo.InvariantCulture) },
            };
            using var asking = Process.Start(arguments)!;
            await asking.WaitForExitAsync(patience.Token);
            if (asking.ExitCode == 0) return true;
            await Task.Delay(20, patience.Token);
        }

        return false;
    }

    private void Stop()
    {
        // A failure means that it has ended meanwhile.
        if (process is not null && !ended.IsCompleted) _ = Signal(process.Id, SigTerm);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    private void End()
    {
        Stop();
        ended.Wait(Patience);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private async Task<string> LogAsync()
    {
        var log = Path.Combine(folder, "log");
        return File.Exists(log) ? await File.ReadAllTextAsync(log) : "it wrote no log";
    }

    private async Task<string> RunAsync(string programme, string[] arguments, string? input = null)
    {
        var start = new ProcessStartInfo(programme, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder };
        start.Environment["PGPASSWORD"] = password;
        using var running = Process.Start(start)!;
        var (output, error) = (running.StandardOutput.ReadToEndAsync(), running.StandardError.ReadToEndAsync());
        var isRead = true;
        try
        {
            if (input is not null) await running.StandardInput.WriteAsync(input);
            running.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read anything, as while the server recovers: its own words tell why.
            isRead = false;
        }

        await running.WaitForExitAsync().WaitAsync(Patience);
        if (running.ExitCode != 0 || !isRead) throw new InvalidOperationException($"{Path.GetFileName(programme)} ended with {running.ExitCode}: {await error}{await output}");
        return await output;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string? FindProgrammes()
    {
        const string debian = "/usr/lib/postgresql";
        if (!File.Exists("/usr/bin/setpriv") || !Directory.Exists(debian)) return null;
        return Directory.GetDirectories(debian).Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "postgres")) && File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "psql")))
            .OrderByDescending(bin => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .FirstOrDefault();
    }

    private static bool HasUser() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal));
}

internal static class Arguments
{
    /// <summary>Puts arguments before those that are there.</summary>
    public static ProcessStartInfo With(this ProcessStartInfo start, IEnumerable<string> first)
    {
        var index = 0;
        foreach (var argument in first) start.ArgumentList.Insert(index++, argument);
        return start;
    }
}
