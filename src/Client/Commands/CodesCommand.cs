using System.CommandLine;
using System.Globalization;

namespace ChainCrm.Client.Commands;

/// <summary><c>chaincrm codes</c>: writes the codes of a batch of coupons to a file, one on each line, to be printed.</summary>
internal static class CodesCommand
{
    public static Command Create(ConnectionOptions connection)
    {
        var batch = new Option<int>("--batch") { Description = "The batch, as the programme names it.", Required = true };
        var from = new Option<long>("--from") { Description = "The first number of the batch; 0 when left out." };
        var count = new Option<long?>("--count") { Description = "How many codes; all that follow when left out." };
        var output = new Option<string>("--out") { Description = "The file. It must not be there yet: codes are worth money.", Required = true };
        var command = new Command("codes", "Writes the codes of a batch of coupons to a file, one on each line. The same codes every time.") { batch, from, count, output };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var client = new ChainCrmClient(connection.Read(arguments));
            var (next, left) = (arguments.GetValue(from), arguments.GetValue(count) ?? long.MaxValue);
            if (next < 0 || left < 1) throw new UsageException("--from is 0 or more, --count 1 or more.");
            var path = arguments.GetRequiredValue(output);
            if (File.Exists(path)) throw new UsageException($"There is a file {path} already.");
            var written = 0L;
            // Readable for its owner alone from the first byte on.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var file = new StreamWriter(path, options))
            {
                for (long? at = next; at is { } place && left > 0;)
                {
                    var page = await client.CouponCodesAsync(arguments.GetRequiredValue(batch), place, (int)Math.Min(left, ClientLimits.CodesPageMax), cancellation);
                    foreach (var code in page.Codes) await file.WriteLineAsync(code);
                    (written, left, at) = (written + page.Codes.Count, left - page.Codes.Count, page.NextFrom);
                }
            }

            new Screen(arguments.InvocationConfiguration.Output).Line(string.Create(CultureInfo.InvariantCulture, $"{written:N0} codes of batch {arguments.GetRequiredValue(batch)} in {path}"));
            return ExitCodes.Done;
        });
        return command;
    }
}
