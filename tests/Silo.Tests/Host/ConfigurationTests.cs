using System.Text.RegularExpressions;
using ChainCrm.Silo.Hosting;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Host;

public sealed partial class ConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("configuration").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ServerSettings Read(string[] arguments, params (string Name, string Value)[] environment) =>
        SettingsReader.Read(CommandLine.Parse(["--data", Path.Combine(_folder, "data"), .. arguments]),
            environment.Select(e => new KeyValuePair<string, string?>(e.Name, e.Value)));

    private void WriteFile(string json) => File.WriteAllText(Path.Combine(_folder, SettingsReader.FileName), json);

    [Fact]
    public void Without_any_file_the_defaults_hold_and_only_this_machine_is_listened_to()
    {
        var settings = Read([]);
        settings.Http.Port.ShouldBe(5080);
        settings.Http.Urls.ShouldBe("");
        settings.Demo.Template.ShouldBe("");
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        WriteFile("""{ "http": { "port": 1, "keepAliveSeconds": 11, }, "log": { "level": "Warning" } /* a comment */ }""");
        var settings = Read(["--port", "3"], ("CHAINCRM__HTTP__PORT", "2"), ("CHAINCRM__LOG__LEVEL", "Error"));
        settings.Http.Port.ShouldBe(3);
        settings.Log.Level.ShouldBe("Error");
        settings.Http.KeepAliveSeconds.ShouldBe(11);
    }

    [Theory]
    [InlineData("--set htp.port=1", "no setting 'htp.port'")]
    [InlineData("--set http.port=many", "http.port (on the command line) is 'many'; it must be a whole number")]
    [InlineData("--set http.port=70000", "http.port is 70000; it must be 0 to 65535")]
    [InlineData("--demo flowers", "demo.template is 'flowers'; it must be one of: beauty, food, retail, or empty")]
    [InlineData("--urls https://x:1", "reverse proxy")]
    [InlineData("--urls nonsense", "'nonsense' is not an address")]
    [InlineData("--set chain.id=A/B", "chain.id must be")]
    [InlineData("--set chain.anonymousViewer=maybe", "true or false")]
    [InlineData("--set stop.drainSeconds=60", "stop.drainSeconds is 60")]
    [InlineData("--set log.level=Loud", "log.level is 'Loud'")]
    [InlineData("--set telemetry.otlpEndpoint=collector", "telemetry.otlpEndpoint")]
    [InlineData("--set journal.store=oracle", "journal.store is 'oracle'; it must be one of: sqlite, postgres")]
    [InlineData("--set journal.store=postgres", "journal.connection: ")]
    [InlineData("--set journal.store=postgres --set journal.connection=Host=h;Database=d;Username=u --set journal.schema=A", "journal.schema: ")]
    [InlineData("--set journal.store=postgres --set journal.connection=Host=h;Database=d;Username=u --set journal.ownerConnection=x", "journal.ownerConnection: ")]
    [InlineData("--nonsense", "'--nonsense' is not an option")]
    [InlineData("--port", "--port needs a value")]
    [InlineData("--set novalue", "PATH=VALUE")]
    [InlineData("--demo food --empty", "exclude each other")]
    [InlineData("--config missing.json", "missing.json does not exist")]
    public void A_wrong_setting_is_one_clear_sentence(string arguments, string said) =>
        Should.Throw<WrongConfigurationException>(() => Read(arguments.Split(' '))).Message.ShouldContain(said);

    [Theory]
    [InlineData("journal.connection")]
    [InlineData("journal.ownerConnection")]
    public void A_connection_string_that_is_wrong_is_not_repeated(string path)
    {
        var failure = Should.Throw<WrongConfigurationException>(() => Read([
            "--set", "journal.store=postgres", "--set", "journal.connection=Host=h;Database=d;Username=u;Password=top-secret", "--set", $"{path}=Password=top-secret;Port=top-secret"]));
        failure.Message.ShouldContain(path);
        failure.ToString().ShouldNotContain("top-secret");
    }

    [Fact]
    public void A_misspelt_name_in_the_file_is_refused_with_its_place()
    {
        WriteFile("""{ "http": { "prot": 1 } }""");
        Should.Throw<WrongConfigurationException>(() => Read([])).Message.ShouldContain("'http.prot' (in ");
    }

    [Fact]
    public void A_broken_file_is_refused_with_the_place_of_the_fault()
    {
        WriteFile("""{ "http": """);
        Should.Throw<WrongConfigurationException>(() => Read([])).Message.ShouldContain("is not valid JSON");
    }

    [Fact]
    public void Every_fault_is_told_at_once() =>
        Should.Throw<WrongConfigurationException>(() => Read(["--port", "-1", "--demo", "x"])).Message.Split(Environment.NewLine).Length.ShouldBe(2);

    [Fact]
    public void Every_setting_stands_in_the_document_with_its_default_and_nothing_else_does()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Root(), "docs/operations/configuration.md")))
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value.Trim().Trim('`'), StringComparer.Ordinal);
        rows.Keys.Order().ShouldBe(SettingsReader.Defaults().Keys.Order());
        foreach (var (path, value) in SettingsReader.Defaults()) rows[path].ShouldBe(value, $"default of {path}");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ChainCrm.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("No ChainCrm.sln above the tests.");
        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `([a-zA-Z.]+)` \|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
