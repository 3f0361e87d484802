package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines over a user's own table: what is trained on it, evaluated and predicted by the names that it has. */
class TableJobsTest {
    @TempDir
    private Path outputs;

    /** What is there from where the job runs comes first; what the command line says is from there alone. */
    @Test
    void dataAreFoundBesideTheFileThatNamesThem() throws IOException {
        Path apart = Files.createDirectory(outputs.resolve("experiment"));
        Files.writeString(apart.resolve("points-of-this-test.csv"), "x,kind\n" + "1,0\n2,1\n3,0\n4,1\n".repeat(10));
        Path file = Files.writeString(
                apart.resolve("points.conf"), "data { source = csv, path = points-of-this-test.csv }, output = never");
        String output = "output=" + outputs.resolve("found");
        Outcome found = Outcome.of(new PrepareJob(), "--conf", file.toString(), output);
        assertEquals(0, found.exit(), found.err());
        assertEquals(
                apart.resolve("points-of-this-test.csv").toString(),
                summary("found").at("/config/data/path").asText());
        Outcome typed = Outcome.of(
                new PrepareJob(), "--conf", file.toString(), "data.path=points-of-this-test.csv", output + "-not");
        assertEquals(3, typed.exit(), typed.err());
        Outcome nowhere = Outcome.of(
                new PrepareJob(),
                "--conf",
                Files.writeString(apart.resolve("no.conf"), "data { source = csv, path = no.csv }")
                        .toString(),
                output + "-not");
        assertTrue(nowhere.err().startsWith("no.csv: no such file"), nowhere.err());
    }

    /** Two labels at once: a point is right of the middle, or above it. */
    @Test
    void severalLabelsAreTrainedEvaluatedAndPredictedByName() throws IOException {
        StringBuilder table = new StringBuilder("x,y,right,above\n");
        for (int i = 0; i < 200; i++) {
            double x = Math.sin(i * 12.9898);
            double y = Math.sin(i * 78.233 + 1);
            table.append(x + "," + y + "," + (x > 0 ? 1 : 0) + "," + (y > 0 ? 1 : 0) + "\n");
        }
        Path points = Files.writeString(outputs.resolve("points.csv"), table);
        String model = outputs.resolve("labels").toString();
        List<String> command = new ArrayList<>(List.of(
                "--master=local[2]",
                "data.source=csv",
                "data.path=" + points,
                "data.label-columns=[right, above]",
                "network.layers=[{ type = output, units = 2, objective = multi-label }]",
                "training={ updater { type = Adam, learning-rate = 0.05 }, epochs = 30 }",
                "validation.metric=macro-f1",
                "averaging.workers=2",
                "output=" + model));
        Outcome trained = Outcome.of(new TrainJob(), command.toArray(String[]::new));
        assertEquals(0, trained.exit(), trained.err());
        JsonNode measures = summary("labels").at("/test/measures");
        assertTrue(measures.get("hammingError").asDouble() < 0.15, measures.toString());
        assertEquals(2, measures.get("perLabel").size());
        Outcome evaluated = Outcome.of(
                new EvaluateJob(), "--master=local[2]", "model=" + model + "/model", "output=" + model + "-again");
        assertEquals(0, evaluated.exit(), evaluated.err());
        assertEquals(measures, summary("labels-again").get("measures"));
        Outcome predicted = Outcome.of(
                new PredictJob(),
                "--master=local[2]",
                "model=" + model + "/model",
                "data.path=" + points,
                "split=all",
                "format=csv",
                "output=" + model + "-rows");
        assertEquals(0, predicted.exit(), predicted.err());
        try (Stream<Path> files = Files.walk(Path.of(model + "-rows"))) {
            Path rows = files.filter(file -> file.toString().endsWith(".csv"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    "id,label_right,label_above,p_right,p_above",
                    Files.readAllLines(rows).get(0));
        }
        Outcome ofClasses = Outcome.of(
                new EvaluateJob(),
                "--master=local[2]",
                "model=" + model + "/model",
                "data.source=csv",
                "data.path=" + points,
                "data.label-column=right",
                "data.leave-out=[above]",
                "output=" + model + "-not");
        assertEquals(2, ofClasses.exit(), ofClasses.err());
        assertTrue(ofClasses.err().contains("held to 2 values for examples of 0 each"), ofClasses.err());
    }

    /** Classes with names keep them, from the table to the predictions. */
    @Test
    void classesAreCalledByTheirNames() throws IOException {
        Path table = outputs.resolve("irises.csv");
        StringBuilder rows = new StringBuilder("length,width,class\n");
        String[] names = {"virginica", "setosa", "versicolor"};
        for (int i = 0; i < 60; i++) {
            rows.append(i % 3 * 2 + i * 0.001)
                    .append(",1,")
                    .append(names[i % 3])
                    .append('\n');
        }
        Files.writeString(table, rows);
        String data = "data.path=" + table;
        Outcome train = Outcome.of(
                new TrainJob(),
                "--master",
                "local[2]",
                "data.source=csv",
                data,
                "network.layers=[{type=dense,units=8,activation=tanh},{type=output,units=3,objective=cross-entropy}]",
                "training.epochs=60",
                "output=" + outputs.resolve("trained"));
        assertEquals(0, train.exit(), train.err());
        assertTrue(train.err().contains("classes 0 to 2 are setosa, versicolor, virginica"), train.err());
        assertTrue(
                Files.readString(outputs.resolve("trained/report.html")).contains(">versicolor<"), "in the confusion");
        String model = "model=" + outputs.resolve("trained/model");
        Outcome evaluate = Outcome.of(
                new EvaluateJob(),
                "--master",
                "local[2]",
                model,
                "data.source=csv",
                data,
                "split=all",
                "output=" + outputs.resolve("evaluated"));
        assertEquals(0, evaluate.exit(), evaluate.err());
        assertEquals("virginica", summary("evaluated").get("labels").get(2).asText());
        Outcome predict = Outcome.of(
                new PredictJob(),
                "--master",
                "local[1]",
                model,
                "data.source=csv",
                data,
                "format=csv",
                "output=" + outputs.resolve("predicted"));
        assertEquals(0, predict.exit(), predict.err());
        List<String> lines = predictions();
        assertTrue(lines.contains("id,label,predicted,p_setosa,p_versicolor,p_virginica"), lines.get(0));
        long right = lines.stream()
                .map(line -> line.split(","))
                .filter(fields -> fields.length == 6 && fields[1].equals(fields[2]) && !fields[1].equals("label"))
                .count();
        assertTrue(right >= 55, right + " of 60");
    }

    /** Regression from a table: what is learned is measured, evaluated again and predicted. */
    @Test
    void learnsValues() throws IOException {
        Path table = outputs.resolve("line.csv");
        StringBuilder rows = new StringBuilder("x,noise,y\n");
        for (int i = 0; i < 200; i++) {
            double x = i / 100.0 - 1;
            rows.append(x)
                    .append(',')
                    .append(i * 37 % 101)
                    .append(',')
                    .append(2 * x * x - x)
                    .append('\n');
        }
        Files.writeString(table, rows);
        Outcome train = Outcome.of(
                new TrainJob(),
                "--master",
                "local[2]",
                "data={source=csv,path=\"" + table + "\",label-type=values,scale=standard}",
                "network.layers=[{type=dense,units=24,activation=tanh},{type=output,units=1,objective=regression}]",
                "arithmetic=portable",
                "training={epochs=150,batch=16,updater={type=Adam,learning-rate=0.01}}",
                "output=" + outputs.resolve("trained"));
        assertEquals(0, train.exit(), train.err());
        JsonNode measures = summary("trained").get("test").get("measures");
        assertTrue(measures.get("r2").asDouble() > 0.98, measures.toString());
        String model = "model=" + outputs.resolve("trained/model");
        Outcome evaluate =
                Outcome.of(new EvaluateJob(), "--master", "local[1]", model, "output=" + outputs.resolve("evaluated"));
        assertEquals(0, evaluate.exit(), evaluate.err());
        assertEquals(measures, summary("evaluated").get("measures"));
        Outcome predict = Outcome.of(
                new PredictJob(),
                "--master",
                "local[1]",
                model,
                "split=test",
                "format=csv",
                "output=" + outputs.resolve("predicted"));
        assertEquals(0, predict.exit(), predict.err());
        List<String> lines = predictions();
        assertEquals("id,label,p0", lines.get(0));
        assertEquals(21, lines.size());
        double squares = 0;
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split(",");
            squares += Math.pow(Double.parseDouble(values[1]) - Double.parseDouble(values[2]), 2) / 20;
        }
        assertEquals(measures.get("rmse").asDouble(), Math.sqrt(squares), 1e-6);
    }

    /** Spark is started for the data, before the job has asked for it; the model's ids are the table's. */
    @Test
    void trainsOnATableThatSparkReads() throws IOException {
        String table = outputs.resolve("table.json").toString();
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 90; i++) {
            rows.append(String.format(
                    "{\"key\": %d, \"x\": %s, \"colour\": \"%s\", \"weight\": %d, \"kind\": \"%s\"}%n",
                    1000 + 7 * i,
                    i % 10 == 0 ? "null" : String.valueOf(i % 2 + 0.001 * i),
                    i % 3 == 0 ? "red" : "blue",
                    1 + i % 4,
                    i % 2 == 0 ? "even" : "odd"));
        }
        Files.writeString(Path.of(table), rows);
        String data = "data={source=table,format=json,path=\"" + table
                + "\",label-column=kind,id-column=key,weight-column=weight,categories=[colour],"
                + "holes={type=mean,mark=true},split={stratified=true}}";
        Outcome train = Outcome.of(
                new TrainJob(),
                "--master",
                "local[2]",
                data,
                "network.layers=[{type=stochastic,units=12},{type=output,units=2,objective=cross-entropy}]",
                "arithmetic=portable",
                "training.epochs=30",
                "evaluation={mode=samples,draws=8}",
                "output=" + outputs.resolve("trained"));
        assertEquals(0, train.exit(), train.err());
        List<String> said = train.out().lines().toList();
        assertEquals(
                "data table " + table + ": 72 training, 9 validation and 9 test examples", said.get(said.size() - 1));
        String model = "model=" + outputs.resolve("trained/model");
        Outcome evaluate =
                Outcome.of(new EvaluateJob(), "--master", "local[1]", model, "output=" + outputs.resolve("evaluated"));
        assertEquals(0, evaluate.exit(), evaluate.err());
        assertEquals(
                summary("trained").get("test").get("loss"), summary("evaluated").get("loss"));
        Outcome predict = Outcome.of(
                new PredictJob(),
                "--master",
                "local[1]",
                model,
                "format=csv",
                "output=" + outputs.resolve("predicted"));
        assertEquals(0, predict.exit(), predict.err());
        List<String> lines = predictions();
        assertEquals("id,label,predicted,p_even,p_odd,spread", lines.get(0));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("1007,odd,")), lines.get(1));
        Outcome prepare = Outcome.of(
                new PrepareJob(), "--master", "local[1]", data, "output=" + outputs.resolve("prepared"), "shards=2");
        assertEquals(0, prepare.exit(), prepare.err());
        Outcome again = Outcome.of(
                new EvaluateJob(),
                "--master",
                "local[1]",
                model,
                "data={source=prepared,path=\"" + outputs.resolve("prepared") + "\"}",
                "output=" + outputs.resolve("evaluated-again"));
        assertEquals(0, again.exit(), again.err());
        assertEquals(
                summary("evaluated").get("errors"), summary("evaluated-again").get("errors"));
    }

    /** The lines of the table that was written as CSV to {@code predicted}. */
    private List<String> predictions() throws IOException {
        List<String> lines = new ArrayList<>();
        try (var files = Files.list(outputs.resolve("predicted/predictions"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".csv")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private JsonNode summary(String run) throws IOException {
        return Outcome.summary(outputs.resolve(run));
    }
}
