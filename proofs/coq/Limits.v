(** The limits of weak-to-strong generalization: Theorems 4.1 and 4.2 and what follows from them. *)
From Coq Require Import Reals Lra Lia Psatz Arith.
From Coquelicot Require Import Coquelicot.
From W2S Require Import Floors InnerSpace Instances Shrinkage Flow.
Open Scope R_scope.

(** ** The floors *)

Lemma shrinkage_floor_square (L : R) :
  0 <= L <= 1 -> shrinkage_floor L = ((sqrt (1 + 3 * L) - sqrt (1 - L)) / 2) ^ 2.
Proof.
  intro HL. unfold shrinkage_floor. rewrite sqrt_mult by lra.
  pose proof (sqrt_sqrt (1 + 3 * L)); pose proof (sqrt_sqrt (1 - L)). nra.
Qed.

(** [(1 + L - (3/2) L^2)^2 - (1 + 3 L) (1 - L) = L^2 (1 - (3/2) L)^2]. *)
Lemma quadratic_le_shrinkage (L : R) : 0 <= L <= 1 -> quadratic_floor L <= shrinkage_floor L.
Proof.
  intro HL. unfold quadratic_floor, shrinkage_floor.
  assert (H : sqrt ((1 + 3 * L) * (1 - L)) <= 1 + L - 3 / 2 * L ^ 2); [| lra].
  assert (P : 0 <= 1 + L - 3 / 2 * L ^ 2) by nra.
  rewrite <- (sqrt_square _ P). apply sqrt_le_1_alt.
  pose proof (Rle_0_sqr (L * (1 - 3 / 2 * L))). unfold Rsqr in *. nra.
Qed.

Lemma bounded_floor_ge (L : R) : 0 <= L <= 1 -> 1 / 4 * L ^ 2 <= bounded_floor L.
Proof.
  intro HL. unfold bounded_floor.
  pose proof (sqrt_sqrt (1 - L) ltac:(lra)) as E; pose proof (sqrt_pos (1 - L)).
  set (s := sqrt (1 - L)) in *. assert (s <= 1) by nra.
  replace L with ((1 - s) * (1 + s)) by lra.
  pose proof (pow2_ge_0 (1 - s)). nra.
Qed.

(** ** Theorem 4.1 *)
Section Theorem41.
Context {V : inner_space} (target fT fS : V).
Hypothesis (unit_target : sqnorm target = 1) (teacher : shrinkage_optimal target fT).

Lemma teacher_energy : sqnorm fT <= 1 - loss fT target.
Proof using unit_target teacher.
  apply shrinkage_iff_ip in teacher. rewrite ip_sub_r in teacher.
  revert unit_target. expand. rewrite (ip_sym V target fT). lra.
Qed.
Lemma teacher_loss_range : 0 <= loss fT target <= 1.
Proof using unit_target teacher.
  pose proof teacher_energy; pose proof (sqnorm_pos fT).
  pose proof (sqnorm_pos (vsub fT target)). unfold loss in *. lra.
Qed.

(** [thm-4.1] The limit of weak-to-strong generalization, both inequalities. *)
Theorem thm_4_1 :
  shrinkage_optimal fT fS ->
  quadratic_floor (loss fT target) <= shrinkage_floor (loss fT target) /\
  shrinkage_floor (loss fT target) <= loss fS target.
Proof using unit_target teacher.
  intro student. apply shrinkage_iff_ball in student.
  pose proof teacher_energy as Hn. pose proof teacher_loss_range as HL.
  split; [now apply quadratic_le_shrinkage |].
  set (L := loss fT target) in *. rewrite shrinkage_floor_square by trivial.
  set (half := vscale (1 / 2) fT) in *. set (a := vsub target half). set (b := vsub fS half) in *.
  assert (Ha : sqrt (1 + 3 * L) / 2 <= vnorm a).
  { replace (sqrt (1 + 3 * L) / 2) with (sqrt ((1 + 3 * L) / 4)).
    - apply sqrt_le_1_alt. revert unit_target Hn. unfold L, a, half. expand.
      rewrite !(ip_sym V target fT). lra.
    - rewrite sqrt_div by lra. f_equal. replace 4 with (2 * 2) by ring. apply sqrt_square. lra. }
  assert (Hb : vnorm fT <= sqrt (1 - L)) by (apply sqrt_le_1_alt, Hn).
  pose proof (triangle_reverse a b) as T.
  replace (sqnorm (vsub a b)) with (loss fS target) in T.
  2: { unfold a, b. expand. rewrite !(ip_sym V target), !(ip_sym V half fS). ring. }
  assert (O : sqrt (1 - L) <= sqrt (1 + 3 * L)) by (apply sqrt_le_1_alt; lra).
  nra.
Qed.

(** [thm-4.2] A student no longer than its teacher. *)
Theorem thm_4_2 :
  vnorm fS <= vnorm fT ->
  1 / 4 * loss fT target ^ 2 <= bounded_floor (loss fT target) /\
  bounded_floor (loss fT target) <= loss fS target.
Proof using unit_target teacher.
  intro Hle. pose proof teacher_loss_range. split; [now apply bounded_floor_ge |].
  assert (Hb : vnorm fT <= sqrt (1 - loss fT target)) by (apply sqrt_le_1_alt, teacher_energy).
  assert (H1 : sqrt (1 - loss fT target) <= 1).
  { rewrite <- sqrt_1 at 2. apply sqrt_le_1_alt. lra. }
  rewrite (loss_sym fS). apply Rle_trans with (2 := triangle_reverse target fS).
  replace (vnorm target) with 1 by (unfold vnorm; rewrite unit_target; symmetry; apply sqrt_1).
  apply pow_incr. lra.
Qed.
End Theorem41.

(** ** Corollary 2: chains of students *)
Section Chains.
Context {V : inner_space}.

(** [S 0] is the teacher, [S (i + 1)] is shrinkage optimal for the labels of [S i]. *)
Definition student_chain (S : nat -> V) (n : nat) : Prop :=
  forall i, (i < n)%nat -> shrinkage_optimal (S i) (S (Datatypes.S i)).

Lemma shrinkage_norm (f g : V) : shrinkage_optimal f g -> vnorm g <= vnorm f.
Proof.
  intro H. apply shrinkage_iff_ip in H. apply vnorm_le. rewrite ip_sub_r in H.
  pose proof (sqnorm_pos (vsub f g)) as P. expand_in P. rewrite (ip_sym V f g) in P.
  unfold sqnorm. lra.
Qed.
Lemma chain_norm (S : nat -> V) (n : nat) : student_chain S n -> vnorm (S n) <= vnorm (S O).
Proof.
  induction n; intro H; [lra |].
  apply Rle_trans with (vnorm (S n)); [apply shrinkage_norm, H | apply IHn; intros i Hi; apply H]; lia.
Qed.

(** [cor-2] Bootstrapping does not beat Theorem 4.2, however long the chain. *)
Theorem cor_2 (target : V) (S : nat -> V) (n : nat) :
  sqnorm target = 1 -> shrinkage_optimal target (S O) -> student_chain S n ->
  1 / 4 * loss (S O) target ^ 2 <= bounded_floor (loss (S O) target) /\
  bounded_floor (loss (S O) target) <= loss (S n) target.
Proof. intros. apply thm_4_2; trivial. now apply chain_norm. Qed.
End Chains.

(** ** Corollary 1: random features *)
Section Corollary1.
Context {V : inner_space}.

(** The span of finitely many features (up to functions no inner product can tell apart). *)
Definition span (features : nat -> V) (width : nat) (f : V) : Prop :=
  exists w, forall x, ip f x = ip (vsum w features width) x.

Lemma span_linear features width : linear_class (span features width).
Proof.
  intros a b f g [w Hw] [u Hu]. exists (fun i => a * w i + b * u i). intro x.
  rewrite ip_add, !ip_scale, Hw, Hu, !ip_vsum, <- !rsum_scal, <- rsum_plus.
  apply rsum_ext. intros. ring.
Qed.

Lemma span_teacher features width (target fT : V) :
  least_squares (span features width) target fT -> shrinkage_optimal target fT.
Proof. intro H. eapply lem_ls; [apply span_linear | exact H]. Qed.

(** The setting of the paper: a least squares teacher and an early-stopped student, on features of
    any activation, in any number and dimension; all that the proofs use of them is that they
    are vectors. *)
Definition weak_to_strong (target fT fS : V) : Prop :=
  sqnorm target = 1 /\
  (exists features width, least_squares (span features width) target fT) /\
  (exists features width w t,
    0 <= t /\ gradient_flow features width fT w /\ fS = network features width w t).

(** [cor-1] Theorem 4.1 for random-feature teachers and students. *)
Theorem cor_1 (target fT fS : V) :
  weak_to_strong target fT fS ->
  quadratic_floor (loss fT target) <= loss fS target /\
  shrinkage_floor (loss fT target) <= loss fS target.
Proof.
  intros (U & (sT & mT & HT) & (sS & mS & w & t & Ht & Hw & ->)).
  destruct (thm_4_1 target fT (network sS mS w t)) as [A B]; trivial.
  - now apply (span_teacher sT mT).
  - now apply lem_1_flow.
  - split; lra.
Qed.

(** Networks of one feature: all that the witnesses need. *)
Lemma one_feature_teacher (target fT : V) :
  ip fT (vsub target fT) = 0 -> least_squares (span (fun _ => fT) 1) target fT.
Proof.
  rewrite ip_sub_r. intro H. split.
  - exists (fun _ => 1). intro x. cbn. rewrite ip_add, ip_zero, ip_scale. ring.
  - intros g [w Hw]. cbn in Hw.
    assert (E : forall x, ip g x = w O * ip fT x) by (intro; rewrite Hw, ip_add, ip_zero, ip_scale; ring).
    expand. rewrite (ip_sym V target g), (ip_sym V target fT), !E, (ip_sym V fT g), E.
    pose proof (Rmult_le_pos _ _ (Rle_0_sqr (1 - w O)) (ip_pos V fT)). unfold Rsqr in *. nra.
Qed.
Lemma one_feature_student (fT f : V) :
  ip f (vsub fT f) = 0 ->
  gradient_flow (fun _ => f) 1 fT (fun _ t => flow_filter t (sqnorm f)).
Proof.
  rewrite ip_sub_r. intros H i _. split.
  - unfold flow_filter. rewrite Rmult_0_r, Ropp_0, exp_0. ring.
  - intros t _. pose proof (proj2 (flow_filter_ode (sqnorm f) 1 t)) as D.
    apply (is_derive_ext _ _ _ _ (fun t => Rmult_1_r (flow_filter t (sqnorm f)))) in D.
    replace (residual _ _ _ _ _ _) with (sqnorm f * (1 - flow_filter t (sqnorm f) * 1)); trivial.
    unfold residual, network. cbn. expand. lra.
Qed.
End Corollary1.
