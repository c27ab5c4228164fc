using System.CommandLine;
using System.Globalization;
using ChainCrm.Client.Replay;

namespace ChainCrm.Client.Commands;

/// <summary><c>chaincrm replay</c>: its options.</summary>
internal static class ReplayCommand
{
    private sealed class Options
    {
        public readonly Argument<string> File = new("file") { Description = "CSV or gzipped CSV with a header line." };
        public readonly Option<string?> Preset = new("--preset") { Description = "Mapping of a known data set: complete-journey or online-retail." };
        public readonly Option<string?> MappingFile = new("--mapping") { Description = "JSON file that names the columns (docs/operations/cli.md)." };
        public readonly Option<string?> Customer = Column("--customer", "the customer's number; an empty field is a sale to nobody known");
        public readonly Option<string?> Store = Column("--store", "the store");
        public readonly Option<string?> DefaultStore = new("--default-store") { Description = "Store of rows without one." };
        public readonly Option<string?> Receipt = Column("--receipt", "the receipt (basket, invoice) number");
        public readonly Option<string?> Line = Column("--line", "the line number; else lines are numbered in the order of the file");
        public readonly Option<string?> Product = Column("--product", "the product");
        public readonly Option<string?> Category = Column("--category", "the product's category");
        public readonly Option<string?> Quantity = Column("--quantity", "the quantity; 1 without");
        public readonly Option<string?> Amount = Column("--amount", "what the retailer gets for the line, after discounts");
        public readonly Option<string?> Discount = new("--discount") { Description = "Columns of discounts, positive numbers, separated by commas." };
        public readonly Option<string?> Time = Column("--time", "the time of sale");
        public readonly Option<string?> Cancellation = Column("--cancellation", "1 or true for cancellations");
        public readonly Option<string?> CancellationPrefix = new("--cancellation-prefix") { Description = "Letter before the number of a cancellation." };
        public readonly Option<string> UtcOffset = new("--utc-offset") { Description = "Offset of times that have none.", DefaultValueFactory = _ => "+08:00" };
        public readonly Option<int> TimeShiftDays = new("--time-shift-days") { Description = "Days added to every time (negative: taken off)." };
        public readonly Option<int> CurrencyDecimals = new("--currency-decimals") { Description = "Decimals of the currency, 0 to 4.", DefaultValueFactory = _ => 2 };
        public readonly Option<string?> Speed = new("--speed") { Description = "So many times as fast as it really was, such as 60x. Without --speed and --rate: as fast as possible." };
        public readonly Option<string?> Rate = new("--rate") { Description = "So many receipts a second, such as 200/s." };
        public readonly Option<int> Batch = new("--batch") { Description = "Sales in one request, at most 1,000.", DefaultValueFactory = _ => ClientLimits.ReplayBatchDefault };
        public readonly Option<bool> Single = new("--single") { Description = "Each sale in a request of its own." };
        public readonly Option<int> Workers = new("--workers") { Description = "Requests in flight; each customer belongs to one worker.", DefaultValueFactory = _ => 4 };
        public readonly Option<string?> State = new("--state") { Description = "File that remembers what was sent, so that a stopped replay goes on (default: <file>.replay-state in this directory)." };
        public readonly Option<bool> NoState = new("--no-state") { Description = "Remember nothing on disk." };
        public readonly Option<bool> SkipBadRows = new("--skip-bad-rows") { Description = "Go on without rows that cannot be read; they are counted. Without it nothing is sent." };
        public readonly Option<int> PatienceSeconds = new("--patience") { Description = "Seconds to wait for a server that does not answer.", DefaultValueFactory = _ => ClientLimits.ReplayRetryForMs / 1_000 };
        public readonly Option<string> Region = new("--region") { Description = "Region of stores that are opened.", DefaultValueFactory = _ => "Imported" };
        public readonly Option<string> City = new("--city") { Description = "City of stores that are opened.", DefaultValueFactory = _ => "Imported" };
        public readonly Option<string?> Json = JsonOption.Create();

        private static Option<string?> Column(string name, string what) => new(name) { Description = $"Column of {what}.", HelpName = "COLUMN" };

        public void AddTo(Command command)
        {
            command.Add(File);
            Option[] all =
            [
                Preset, MappingFile, Customer, Store, DefaultStore, Receipt, Line, Product, Category, Quantity, Amount, Discount, Time, Cancellation,
                CancellationPrefix, UtcOffset, TimeShiftDays, CurrencyDecimals, Speed, Rate, Batch, Single, Workers, State, NoState, SkipBadRows,
                PatienceSeconds, Region, City, Json,
            ];
            foreach (var option in all) command.Add(option);
        }
    }

    public static Command Create(ConnectionOptions connection)
    {
        var options = new Options();
        var command = new Command(
            "replay",
            "Sends a file of purchases: opens unknown stores, enrols unknown customers, one purchase per receipt with its lines as they are. "
            + "Ctrl-C stops it; the same command goes on. Running it twice changes nothing.");
        options.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
        {
            var job = Read(arguments, options, connection);
            return await new ReplayJobRunner(job, new Screen(arguments.InvocationConfiguration.Output)).RunAsync(cancellation);
        });
        return command;
    }

    private static ReplayJob Read(ParseResult arguments, Options options, ConnectionOptions connection)
    {
        var file = arguments.GetRequiredValue(options.File);
        if (!File.Exists(file)) throw new UsageException($"There is no file {file}.");
        if (!LocalTime.TryParseOffset(arguments.GetRequiredValue(options.UtcOffset), out var offset))
            throw new UsageException("--utc-offset is an offset such as +08:00.");

        return new ReplayJob
        {
            File = file,
            Connection = connection.Read(arguments),
            Plan = new PlanOptions
            {
                Mapping = ReadMapping(arguments, options),
                UtcOffset = offset,
                TimeShiftDays = InRange(arguments.GetValue(options.TimeShiftDays), -100_000, 100_000, "--time-shift-days"),
                CurrencyDecimals = InRange(arguments.GetValue(options.CurrencyDecimals), 0, 4, "--currency-decimals"),
            },
            Runner = new RunnerOptions
            {
                Workers = InRange(arguments.GetValue(options.Workers), 1, ClientLimits.ReplayWorkersMax, "--workers"),
                BatchSize = arguments.GetValue(options.Single) ? 1 : InRange(arguments.GetValue(options.Batch), 1, ClientLimits.BatchPurchasesMax, "--batch"),
                Pace = ReadPace(arguments.GetValue(options.Speed), arguments.GetValue(options.Rate)),
            },
            StateFile = arguments.GetValue(options.NoState) ? null : arguments.GetValue(options.State) ?? Path.GetFileName(file) + ".replay-state",
            SkipBadRows = arguments.GetValue(options.SkipBadRows),
            Patience = TimeSpan.FromSeconds(InRange(arguments.GetValue(options.PatienceSeconds), 1, 86_400, "--patience")),
            Region = arguments.GetRequiredValue(options.Region),
            City = arguments.GetRequiredValue(options.City),
            Json = JsonOption.Path(arguments, options.Json),
        };
    }

    private static ColumnMapping ReadMapping(ParseResult arguments, Options options)
    {
        var mapping = new ColumnMapping();
        if (arguments.GetValue(options.Preset) is { } preset)
        {
            mapping = ColumnMapping.Presets.GetValueOrDefault(preset)
                ?? throw new UsageException($"--preset {preset} is unknown. There are: {string.Join(", ", ColumnMapping.Presets.Keys)}.");
        }

        if (arguments.GetValue(options.MappingFile) is { } path) mapping = mapping.With(ColumnMapping.Load(path));
        mapping = mapping.With(new ColumnMapping
        {
            Customer = arguments.GetValue(options.Customer),
            Store = arguments.GetValue(options.Store),
            DefaultStore = arguments.GetValue(options.DefaultStore),
            Receipt = arguments.GetValue(options.Receipt),
            Line = arguments.GetValue(options.Line),
            Product = arguments.GetValue(options.Product),
            Category = arguments.GetValue(options.Category),
            Quantity = arguments.GetValue(options.Quantity),
            Amount = arguments.GetValue(options.Amount),
            Discounts = arguments.GetValue(options.Discount)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
            Time = arguments.GetValue(options.Time),
            Cancellation = arguments.GetValue(options.Cancellation),
            CancellationPrefix = arguments.GetValue(options.CancellationPrefix),
        });
        return mapping.Missing() is { } missing ? throw new UsageException(missing) : mapping;
    }

    private static Pace ReadPace(string? speed, string? rate) => (speed, rate) switch
    {
        (null, null) => Pace.AsFastAsPossible,
        ({ } times, null) => Pace.Speed(Positive(times, "x", "--speed")),
        (null, { } perSecond) => Pace.Rate(Positive(perSecond, "/s", "--rate")),
        _ => throw new UsageException("Either --speed or --rate, not both."),
    };

    private static double Positive(string text, string suffix, string option)
    {
        var number = text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) ? text[..^suffix.Length] : text;
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? value
            : throw new UsageException($"{option} is a number above 0, such as 60{suffix}.");
    }

    private static int InRange(int value, int least, int most, string option) => value >= least && value <= most
        ? value
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} is {least:N0} to {most:N0}."));
}
